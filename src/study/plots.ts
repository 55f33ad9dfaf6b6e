// Figures of studies as Vega-Lite specifications: readable in print and without color, since every series also has its
// own dashes or symbol.
import type { TopLevelSpec } from 'vega-lite';

type Point = readonly [x: number, y: number];

interface Panel {
  readonly title: string;
  /** If it differs from that of the figure. */
  readonly x?: string;
  readonly y: string;
  /** Measured values, by the name in the legend. */
  readonly points: Readonly<Record<string, readonly Point[]>>;
  /** Curves, by the name in the legend. */
  readonly lines: Readonly<Record<string, readonly Point[]>>;
  readonly logarithmic?: boolean;
  /** All series of the figure in order, if this panel has a part of them: each then looks the same in every panel. */
  readonly series?: readonly string[];
}

interface Comparison {
  readonly x: string;
  readonly panels: readonly Panel[];
  readonly columns?: number;
  readonly logarithmic?: { readonly x?: boolean; readonly y?: boolean };
}

/** A horizontal line. */
export const rule = (from: number, to: number, y: number): readonly Point[] => [
  [from, y],
  [to, y],
];

/** The colors of Okabe and Ito 2008, which color-blind readers can tell apart. */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#000000', '#e69f00'];

const theme = {
  font: 'DejaVu Sans',
  background: 'white',
  range: { category: colors },
  axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#e4e4e4' },
  legend: { labelFontSize: 11, title: null, symbolStrokeWidth: 2, symbolSize: 60, labelLimit: 260 },
  title: { fontSize: 13, fontWeight: 'bold', anchor: 'start', frame: 'group', offset: 8 },
  line: { strokeWidth: 2 },
  point: { size: 60, filled: true },
} as const;

const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 4],
  [4, 2, 1, 2, 1, 2],
  [1, 3],
];
const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down', 'triangle-right'];

/** Panels side by side: curves, and measured points on them. */
export function comparison({ x, panels, columns = panels.length, logarithmic = {} }: Comparison): TopLevelSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    columns,
    // The plots themselves are aligned, whatever the width of their axes and legends.
    bounds: 'flush',
    spacing: { column: 96, row: 90 + 16 * Math.max(...panels.map(legendRows)) },
    resolve: { scale: { color: 'independent', strokeDash: 'independent', shape: 'independent' } },
    concat: panels.map((panel) => panelOf(panel, x, logarithmic)),
  } as TopLevelSpec;
}

const panelWidth = 300;

/** The columns of a legend that is as wide as its panel; Vega assumes 0.8 em per character. */
function legendColumns({ points, lines }: Panel): number {
  const longest = Math.max(...[...Object.keys(lines), ...Object.keys(points)].map((name) => name.length));
  return Math.max(1, Math.floor(panelWidth / (0.8 * theme.legend.labelFontSize * longest + 30)));
}

const legendRows = (panel: Panel): number =>
  Math.ceil((Object.keys(panel.lines).length + Object.keys(panel.points).length) / legendColumns(panel));

interface Picture {
  readonly row: string;
  readonly column: string;
  readonly png: Uint8Array;
}

/** Pictures in a table; rows and columns in the order in which they first appear. */
export function pictureTable(pictures: readonly Picture[], side = 180): TopLevelSpec {
  const columns = [...new Set(pictures.map(({ column }) => column))];
  const rows = [...new Set(pictures.map(({ row }) => row))];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: theme,
    spacing: 6,
    vconcat: rows.map((row, r) => ({
      spacing: 6,
      hconcat: [
        { width: 14, height: side, view: { stroke: null }, data: { values: [{}] }, mark: rowLabel(row) },
        ...columns.map((column) => ({
          width: side,
          height: side,
          view: { stroke: null },
          ...(r === 0 ? { title: { text: column.split(', '), anchor: 'middle', fontSize: 12 } } : {}),
          data: {
            values: pictures
              .filter((picture) => picture.row === row && picture.column === column)
              .map(({ png }) => ({ url: `data:image/png;base64,${Buffer.from(png).toString('base64')}` })),
          },
          mark: { type: 'image', width: side, height: side },
          encoding: {
            url: { field: 'url', type: 'nominal' },
            x: { value: side / 2 },
            y: { value: side / 2 },
          },
        })),
      ],
    })),
  } as unknown as TopLevelSpec;
}

const rowLabel = (text: string) => ({ type: 'text', text, angle: 270, fontSize: 12 });

interface Surface {
  readonly title: string;
  /** Values on a square grid over [−extent, extent]², row-major from the bottom. */
  readonly values: ArrayLike<number>;
  readonly extent: number;
  /** Drawn on it, [n, 2]. */
  readonly points: ArrayLike<number>;
}

/** Level sets of functions on the plane as gray heat maps, each over its own range, with points on them. */
export function surfaces(panels: readonly Surface[], columns: number): TopLevelSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: { ...theme, view: { stroke: '#999' } },
    columns,
    bounds: 'flush',
    spacing: { column: 40, row: 52 },
    resolve: { scale: { fill: 'independent', stroke: 'independent', x: 'independent', y: 'independent' } },
    concat: panels.map(({ title, values, extent, points }) => {
      const side = Math.sqrt(values.length);
      const at = (k: number) => -extent + ((k + 0.5) / side) * 2 * extent;
      const levels = levelSets(values);
      const axis = { type: 'quantitative', title: null, scale: { domain: [-extent, extent] } };
      const cell = (2 * extent) / side / 2;
      const level = { field: 'level', type: 'quantitative', scale: { scheme: 'greys' }, legend: null };
      const rest = { x: { ...axis, field: 'x' }, y: { ...axis, field: 'y' } };
      return {
        title,
        width: 220,
        height: 220,
        layer: [
          {
            data: {
              values: Array.from(values, (_, k) => ({
                x: at(k % side) - cell,
                x2: at(k % side) + cell,
                y: at(Math.floor(k / side)) - cell,
                y2: at(Math.floor(k / side)) + cell,
                level: levels[k],
              })),
            },
            // Their strokes close the gaps between cells.
            mark: { type: 'rect', strokeWidth: 0.6 },
            encoding: {
              ...rest,
              x2: { field: 'x2' },
              y2: { field: 'y2' },
              fill: level,
              stroke: level,
            },
          },
          {
            data: {
              values: Array.from({ length: points.length / 2 }, (_, k) => ({ x: points[2 * k], y: points[2 * k + 1] })),
            },
            mark: { type: 'point', size: 12, color: '#d55e00', filled: true, opacity: 0.8 },
            encoding: rest,
          },
        ],
      };
    }),
  } as unknown as TopLevelSpec;
}

/** The values as one of ten bands of equal width, so that the bands' edges are level sets. */
function levelSets(values: ArrayLike<number>): number[] {
  const list = Array.from(values);
  const [low, high] = [Math.min(...list), Math.max(...list)];
  return list.map((value) => Math.min(9, Math.floor((10 * (value - low)) / (high - low || 1))));
}

/** Of a logarithmic axis, as a Vega expression: 1e-6 in place of 0.000001. Most of its ticks have no label. */
const shortLabel = "datum.label && datum.value < 0.001 ? format(datum.value, '~e') : datum.label";

function panelOf(panel: Panel, x: string, logarithmic: { x?: boolean; y?: boolean }) {
  const { title, y, points, lines } = panel;
  const logY = panel.logarithmic ?? logarithmic.y ?? false;
  const logX = logarithmic.x ?? false;
  const shown = (value: number, log: boolean) => Number.isFinite(value) && (!log || value > 0);
  const values = (series: Panel['lines']) =>
    Object.entries(series).flatMap(([name, list]) =>
      list.filter((p) => shown(p[0], logX) && shown(p[1], logY)).map((p) => ({ series: name, x: p[0], y: p[1] })),
    );
  const [curves, marks] = [Object.keys(lines), Object.keys(points)];
  const names = [...curves, ...marks];
  const { series = names } = panel;
  /** Of each name: its color or its dashes, by its position among all series. */
  const styled = <T>(styles: readonly T[], of: readonly string[]): T[] =>
    of.map((name) => styles[series.indexOf(name) % styles.length]);
  // Color, dashes and symbols have the same domain, so that they share one legend.
  const by = (range: readonly unknown[]) => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range },
    legend: names.length > 1 ? { orient: 'bottom', columns: legendColumns(panel), symbolType: null } : null,
  });
  const axis = (title: string, field: string, log: boolean) => ({
    field,
    type: 'quantitative',
    title,
    scale: log ? { type: 'log', nice: false, padding: 8 } : { nice: false, padding: 6 },
    axis: { tickCount: 6, ...(log ? { format: '~g', labelExpr: shortLabel } : {}) },
  });
  const encoding = {
    x: axis(panel.x ?? x, 'x', logX),
    y: axis(y, 'y', logY),
    color: by(styled(colors, names)),
    strokeDash: by([...styled(dashes, curves), ...marks.map(() => [1, 0])]),
    shape: by([...curves.map(() => 'stroke'), ...marks.map((_, k) => shapes[k % shapes.length])]),
  };
  return {
    title,
    width: panelWidth,
    height: 220,
    encoding,
    layer: [
      { data: { values: values(lines) }, mark: { type: 'line' } },
      { data: { values: values(points) }, mark: { type: 'point', strokeDash: [1, 0] } },
    ],
  };
}
