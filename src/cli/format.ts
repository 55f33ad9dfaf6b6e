// Formats durations, rates and tables for a terminal.

/** Seconds as 0:07, 12:03 or 1:02:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const pad = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Steps per second with three digits, or seconds per step if a step takes longer than a second. */
export function throughput(stepsPerSecond: number): string {
  if (!(stepsPerSecond > 0)) return '';
  if (stepsPerSecond < 1) return `${(1 / stepsPerSecond).toPrecision(3)} s/it`;
  return `${stepsPerSecond >= 100 ? Math.round(stepsPerSecond) : stepsPerSecond.toPrecision(3)} it/s`;
}

/** Rows of cells as lines with aligned columns. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
