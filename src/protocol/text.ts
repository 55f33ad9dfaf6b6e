// Text of others, made harmless: what would act instead of being read is shown.

/**
 * Shows what would act on a terminal or turn the direction of a line instead of being read: control characters (C0, DEL, C1)
 * and the marks of bidirectional text, as \x1b or \u202e. Names and values from files pass through here before they are shown.
 */
export function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

/** The same for text that may have lines. */
export const cleanLines = (text: string): string => text.split('\n').map(clean).join('\n');

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
