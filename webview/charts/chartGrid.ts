// The grid of small charts: as many columns as fit, but no more than fill its rows.

/** Pixels of a chart and of the gap between two. */
const [leastWidth, gap] = [240, 22];

/**
 * Columns for charts in a grid of `width` pixels. `wide` of them take two columns where there are three or more.
 * Returns whether they do.
 */
export function gridColumns(charts: number, wide: number, width: number): { columns: number; spans: boolean } {
  const most = Math.max(1, Math.floor((width + gap) / (leastWidth + gap)));
  const spans = most > 2 && wide > 0;
  const cells = Math.max(1, charts + (spans ? wide : 0));
  const columns = Math.ceil(cells / Math.ceil(cells / most));
  return { columns: spans ? Math.max(columns, 2) : columns, spans };
}

/** Keeps the columns of a grid element in step with its width. Returns a function that stops. */
export function layOutGrid(grid: HTMLElement, charts: number, wide: number): () => void {
  const observer = new ResizeObserver(() => {
    if (grid.clientWidth === 0) return;
    const { columns, spans } = gridColumns(charts, wide, grid.clientWidth);
    grid.style.setProperty('--columns', String(columns));
    grid.classList.toggle('spans', spans);
  });
  observer.observe(grid);
  return () => observer.disconnect();
}
