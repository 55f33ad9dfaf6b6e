// Colours of the terminal, or none: whoever prints does not ask which.

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/** With `enabled` false every style returns its text as it is. */
export function createStyle(enabled: boolean): Style {
  const entries = Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => (enabled ? `\x1b[${on}m${text}\x1b[${off}m` : text),
  ]);
  return Object.fromEntries(entries) as Style;
}

/** Whether block characters will be seen as such: not in a locale or an old console that is not UTF-8. */
export function speaksUnicode(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): boolean {
  if (platform === 'win32') return Boolean(env.WT_SESSION ?? env.TERM_PROGRAM ?? env.TERM);
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  return /^$|utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
