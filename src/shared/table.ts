// Tables of numbers as CSV, Markdown and LaTeX.

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** RFC 4180, with all digits of every number. */
export function csvOf({ columns, rows }: Table): string {
  const cell = (value: string | number) =>
    /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

export function markdownTable({ columns, rows }: Table): string {
  const text = (value: string | number) =>
    shown(value)
      .replaceAll('|', '\\|')
      .replace(/\s*\n\s*/g, ' ');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(text)), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(text)))].join(
    '\n',
  );
}

/** A tabular environment with the rules of the package booktabs. */
export function latexTable({ columns, rows }: Table): string {
  const isNumber = (k: number): boolean => rows.every((row) => typeof row[k] === 'number' || row[k] === '');
  const line = (cells: readonly (string | number)[]) => `  ${cells.map(latexText).join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{${columns.map((_, k) => (isNumber(k) ? 'r' : 'l')).join('')}}`,
    '  \\toprule',
    line(columns),
    '  \\midrule',
    ...rows.map(line),
    '  \\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

/** Four significant digits, but all those of a whole number, such as a seed. */
const shown = (value: string | number): string =>
  typeof value === 'string' || Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));

const latexText = (value: string | number): string =>
  shown(value)
    .replace(/[\\{}&%$#_~^<>≤≥]/g, (character) => latexCharacters[character] ?? `\\${character}`)
    .replace(/\s*\n\s*/g, ' ');

const latexCharacters: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  '≤': '$\\le$',
  '≥': '$\\ge$',
};
