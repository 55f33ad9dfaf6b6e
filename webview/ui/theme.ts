// The theme of the charts: the editor's colors and font, and the palette of the curves.
import { palettes } from './palette';

export interface Theme {
  /** The palette of the curves, by `LinePlan.hue`. */
  readonly lineColors: readonly string[];
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly background: string;
  readonly warning: string;
  readonly bad: string;
  readonly font: string;
  readonly highContrast: boolean;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const { classList } = document.body;
  const highContrast = classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
  const light = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const text = read('--vscode-foreground') || (light ? '#3b3b3b' : '#cccccc');
  const mixed = (share: number) => `color-mix(in srgb, ${text} ${share}%, transparent)`;
  return {
    lineColors: light ? palettes.light : palettes.dark,
    text,
    faint: highContrast ? text : read('--vscode-descriptionForeground') || mixed(70),
    grid: mixed(highContrast ? 22 : 9),
    background: read('--vscode-editor-background') || (light ? '#ffffff' : '#1f1f1f'),
    warning: read('--vscode-editorWarning-foreground') || (light ? '#8a6100' : '#cca700'),
    bad: read('--vscode-errorForeground') || (light ? '#c72e0f' : '#f85149'),
    font: read('--vscode-font-family') || 'system-ui, sans-serif',
    highContrast,
  };
}

/** VS Code sets its variables on the root element and the kind of theme as a class of the body. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
