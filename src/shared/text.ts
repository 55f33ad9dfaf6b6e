// Text helpers: untrusted text made safe to show, plurals, lists and numbers for messages.

/**
 * Shows control characters (C0, DEL, C1) and marks of bidirectional text as escapes such as \x1b or \u202e, so that
 * they cannot act on a terminal or reverse a line. Names and values from files pass through here before they are shown.
 */
export const clean = (text: string): string => text.replace(unsafe, escapeCharacter);

// eslint-disable-next-line no-control-regex -- these are the characters to replace
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** `clean` for text that may contain line breaks. */
export const cleanLines = (text: string): string => text.split('\n').map(clean).join('\n');

/** `clean` for JSON without line breaks, which stays JSON of the same value. */
export const cleanJson = (json: string): string =>
  json.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** "no images", "1 image", "1,204 images"; give `nouns` if the plural does not end in s. */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count === 0 ? 'no' : grouped(count)} ${count === 1 ? noun : nouns}`;

/** An integer with its thousands separated, the same on every machine: 12,345. */
export const grouped = (value: number): string => value.toLocaleString('en-US');

/** Four significant digits: 0.2135, 38.24, 12345, 1.2e-7, NaN. */
export function significant(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2);
  if (size >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(4)));
}

/** Bytes in binary units: 640 MiB, 1.5 GiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log2(bytes) / 10) : 0);
  const scaled = bytes / 1024 ** power;
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : Math.round(scaled)} ${units[power]}`;
}

/** `a, b and c`, or with another word before the last item. */
export const list = (items: readonly string[], conjunction: 'and' | 'or' = 'and'): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${conjunction} ${items[items.length - 1]}`;

/** The first `most` items, and the number of the others: `a, b and 3 more`. */
export function firstFew(items: readonly string[], most = 5): string {
  const more = items.length - most;
  return items.slice(0, most).join(', ') + (more > 0 ? ` and ${grouped(more)} more` : '');
}
