// The fields of a line of a table, and the numbers in them.

export const delimiters = { comma: ',', semicolon: ';', tab: '\t', space: ' ' } as const;
export type Delimiter = keyof typeof delimiters;

export interface FieldFormat {
  readonly delimiter: Delimiter;
  /** The mark before the decimals. */
  readonly decimal: 'point' | 'comma';
}

/** Splits at the delimiter, except within double quotes; fields are trimmed and without their quotes. */
export function fieldsOf(text: string, delimiter: Delimiter): string[] {
  if (delimiter === 'space')
    return text
      .trim()
      .split(/[ \t]+/)
      .map(unquote);
  const mark = delimiters[delimiter];
  if (!text.includes('"')) return text.split(mark).map((field) => field.trim());
  const fields: string[] = [];
  let [start, isQuoted] = [0, false];
  for (let i = 0; i <= text.length; i++) {
    if (text[i] === '"') isQuoted = !isQuoted;
    if (i < text.length && (isQuoted || text[i] !== mark)) continue;
    fields.push(unquote(text.slice(start, i).trim()));
    start = i + 1;
  }
  return fields;
}

const unquote = (field: string) => (/^".*"$/s.test(field) ? field.slice(1, -1).replaceAll('""', '"').trim() : field);

/** A decimal number; NaN for a missing value and for one that is not finite; undefined for other text. */
export function numberOf(field: string, decimal: FieldFormat['decimal']): number | undefined {
  const text = decimal === 'comma' ? field.replace(',', '.') : field;
  if (decimal === 'comma' && field.includes('.')) return isMissing(field) ? NaN : undefined;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  return isMissing(field) ? NaN : undefined;
}

const notations: readonly (readonly [notation: RegExp, name: string])[] = [
  [/^[+-]?\d{1,3}([.,' \u00a0\u202f]\d{3})+([.,]\d+)?$/, 'thousands separators'],
  [/^[+-]?[\d.,]*\d\s?%$/, 'percent signs'],
  [/^[+-]?\p{Sc}\s?[\d.,]*\d$|^[+-]?[\d.,]*\d\s?\p{Sc}$/u, 'currency signs'],
  [/^[\u2012-\u2015\u2212]\s?[\d.,]*\d$/, 'a typographic minus'],
  [/^[+-]?\d*[.,]?\d+d[+-]?\d+$/i, 'exponents after a D'],
  [/^[+-]?0x[\da-f]+$/i, 'hexadecimal digits'],
];

/** What is special about a number that `numberOf` does not read: "thousands separators"; undefined for other text. */
export const unreadNotation = (field: string): string | undefined =>
  notations.find(([notation]) => notation.test(field))?.[1];

/** What programs write for a value that is missing or not a number, Excel's errors included. */
export const isMissing = (field: string): boolean =>
  /^([+-]?(nan(\(\w*\))?|inf|infinity|∞|1\.#\w+)|na|n\/a|n\.a\.?|k\.\s?a\.|null|\\n|none|nil|missing|--?|\?|\.|<na>|)$/i.test(
    field,
  ) || isExcelError(field);

/** `#N/A`, `#DIV/0!`, `#NAME?` and their translations: not a comment, although it begins with #. */
export const isExcelError = (text: string): boolean =>
  /^#(N\/A|NV|N\/D|NA|[A-ZÄÖÜ0-9/_]{2,12}[!?])(?=$|[\s,;"])/.test(text);
