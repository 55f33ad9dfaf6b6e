// The colours of the charts, from the editor's theme, and word when it changes.
import type { Hue } from './charts/plan';

export interface Theme {
  readonly hues: Readonly<Record<Hue, string>>;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  readonly highContrast: boolean;
}

/** The theme's chart colours, and what stands in for one that a theme does not have. */
const variables: Readonly<Record<Hue, readonly [variable: string, dark: string, light: string]>> = {
  blue: ['--vscode-charts-blue', '#59a4f9', '#1a6dc4'],
  orange: ['--vscode-charts-orange', '#e8912d', '#b5590b'],
  purple: ['--vscode-charts-purple', '#b180d7', '#652d90'],
  green: ['--vscode-charts-green', '#89d185', '#388a34'],
  grey: ['--vscode-charts-lines', '#8c8c8c', '#767676'],
};

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const { classList } = document.body;
  const highContrast = classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
  const light = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const text = read('--vscode-foreground') || (light ? '#3b3b3b' : '#cccccc');
  const mixed = (share: number) => `color-mix(in srgb, ${text} ${share}%, transparent)`;
  // VS Code's own themes take for orange what they mark text with, which is transparent; a line has to be seen.
  const hue = ([variable, dark, bright]: (typeof variables)[Hue]) => {
    const value = read(variable);
    return isOpaque(value) ? value : light ? bright : dark;
  };
  return {
    hues: { blue: hue(variables.blue), orange: hue(variables.orange), purple: hue(variables.purple), green: hue(variables.green), grey: hue(variables.grey) }, // prettier-ignore
    text,
    faint: read('--vscode-descriptionForeground') || mixed(70),
    grid: mixed(highContrast ? 22 : 9),
    background: read('--vscode-editor-background') || (light ? '#ffffff' : '#1f1f1f'),
    font: read('--vscode-font-family') || 'system-ui, sans-serif',
    highContrast,
  };
}

/** The editor sets its variables on the root element, and the kind of theme as a class of the body. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
}

const isOpaque = (colour: string): boolean => /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$|^rgb\(/i.test(colour);
