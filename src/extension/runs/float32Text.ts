// Writes float32 numbers as text, with the fewest digits that reproduce them. A million rows have ten million of them.

/** No number has more characters. */
export const maxNumberBytes = 24;

const powersOfTen = Array.from({ length: 15 }, (_, exponent) => Number(`1e${exponent}`));

/** Writes `value` in ASCII to `out` at byte `at` and returns the end. Infinity is 'Infinity', NaN is ''. */
export function writeFloat32(value: number, out: Uint8Array, at: number): number {
  const size = Math.abs(value);
  if (size >= 1e-5 && size < 1e9) {
    let exponent = 0;
    if (size < 1) while (size * powersOfTen[-exponent] < 1) exponent--;
    else while (powersOfTen[exponent + 1] <= size) exponent++;
    // Six to nine digits: n / 10^decimals is exactly the double that the decimal text is read as.
    for (let digits = 6; digits <= 9 && digits > exponent; digits++) {
      const decimals = digits - 1 - exponent;
      const n = Math.round(size * powersOfTen[decimals]);
      if (Math.fround(n / powersOfTen[decimals]) !== size) continue;
      if (value < 0) out[at++] = minus;
      return writeDecimal(n, decimals, out, at);
    }
  }
  return writeAscii(rareText(value), out, at);
}

/** Writes a whole number from 0 to 2^53. */
export const writeInteger = (value: number, out: Uint8Array, at: number): number => writeDecimal(value, 0, out, at);

/** Writes n / 10^decimals, without trailing zeros. */
function writeDecimal(n: number, decimals: number, out: Uint8Array, at: number): number {
  while (decimals > 0 && n % 10 === 0) {
    n /= 10;
    decimals--;
  }
  let count = 1;
  for (let rest = n; rest >= 10; rest = Math.floor(rest / 10)) count++;
  // At least one digit before the point.
  count = Math.max(count, decimals + 1);
  const end = at + count + (decimals > 0 ? 1 : 0);
  for (let i = 0, k = end - 1; i < count; i++) {
    if (decimals > 0 && i === decimals) out[k--] = point;
    const rest = Math.floor(n / 10);
    out[k--] = zero + n - 10 * rest;
    n = rest;
  }
  return end;
}

/** Writes ASCII text. */
export function writeAscii(text: string, out: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i);
  return at + text.length;
}

/** The text of a number that is zero, not finite, very small or very large. */
function rareText(value: number): string {
  if (Number.isNaN(value)) return '';
  if (!Number.isFinite(value)) return String(value);
  for (const digits of [6, 7, 8, 9]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}

const [zero, minus, point] = [48, 45, 46];
