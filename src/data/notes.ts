// Words for the log and for error messages.

/** "1,204 images", "1 image", "no images"; `plural` where an s does not make it. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n === 0 ? 'no' : number(n)} ${n === 1 ? noun : plural}`;
}

/** A number with thousands separated, the same on every machine. */
export const number = (n: number): string => n.toLocaleString('en-US');

/** The first few items, and how many more there are. */
export function some(items: readonly string[], most = 5): string {
  const more = items.length - most;
  return items.slice(0, most).join(', ') + (more > 0 ? ` and ${number(more)} more` : '');
}

/** Bytes as "12 MiB" or "3.4 GiB", at least "1 MiB". */
export function mebibytes(bytes: number): string {
  const mib = bytes / 2 ** 20;
  return mib < 1024 ? `${Math.max(1, Math.round(mib))} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}
