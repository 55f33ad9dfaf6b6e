// A small SVG plot with fixed axes: curves, reference lines and labels, drawn again with its width and the theme.
import { round } from '../format';
import { h, svg } from '../ui/dom';
import { dashes } from '../ui/palette';
import { readTheme, type Theme } from '../ui/theme';

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

interface PlotLine {
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Index into the palette and into the dash patterns. */
  readonly hue: number;
  readonly dash: number;
  readonly filled?: boolean;
}

interface Reference {
  readonly at: number;
  readonly label: string;
}

export interface PlotContent {
  readonly lines: readonly PlotLine[];
  /** Values marked by a horizontal line. */
  readonly levels?: readonly Reference[];
  /** Positions marked by a vertical line. */
  readonly places?: readonly Reference[];
}

interface PlotOptions {
  readonly x: Axis;
  readonly y: Axis;
  readonly height: number;
  readonly xTitle: string;
  readonly margin: { readonly left: number; readonly right: number };
}

export interface Plot {
  readonly element: HTMLElement;
  show(content: PlotContent): void;
  themeChanged(): void;
  dispose(): void;
}

const top = 8;
const bottom = 34;
let plots = 0;

export function createPlot({ x, y, height, xTitle, margin }: PlotOptions): Plot {
  const element = h('div', { class: 'plot-area', 'aria-hidden': 'true' });
  const clip = `plot-${(plots += 1)}`;
  let content: PlotContent = { lines: [] };
  let theme = readTheme();
  const draw = () => {
    const width = Math.max(200, element.clientWidth);
    const left = (value: number) => scale(value, x, margin.left, width - margin.right);
    const up = (value: number) => scale(value, y, height - bottom, top);
    const line = (x1: number, x2: number, y1: number, y2: number, stroke: string, dash = '') =>
      svg('line', { x1, x2, y1, y2, stroke, 'stroke-dasharray': dash || null });
    const text = (at: number, height: number, content: string, anchor: 'start' | 'middle' | 'end' = 'middle') =>
      svg('text', { x: at, y: height, 'text-anchor': anchor, fill: theme.faint }, content);
    const ends = [margin.left, width - margin.right] as const;
    element.replaceChildren(
      svg(
        'svg',
        { width, height, viewBox: `0 0 ${width} ${height}`, focusable: 'false' },
        svg(
          'clipPath',
          { id: clip },
          svg('rect', { x: ends[0], y: top, width: ends[1] - ends[0], height: height - bottom - top + 1 }),
        ),
        ...y.ticks.flatMap((tick) => [
          line(...ends, up(tick), up(tick), theme.grid),
          text(margin.left - 6, up(tick) + 4, round(tick), 'end'),
        ]),
        line(...ends, up(y.from), up(y.from), theme.faint),
        ...x.ticks.map((tick) => text(left(tick), height - bottom + 14, round(tick))),
        text((ends[0] + ends[1]) / 2, height - 3, xTitle),
        svg(
          'g',
          { 'clip-path': `url(#${clip})` },
          ...(content.levels ?? []).map(({ at }) => line(...ends, up(at), up(at), theme.text, '2 3')),
          ...(content.places ?? []).map(({ at }) => line(left(at), left(at), top, height - bottom, theme.text, '2 3')),
          ...content.lines.flatMap((each) => pathsOf(each, left, up, y, theme)),
        ),
        ...(content.levels ?? []).map(({ at, label }) => text(ends[1] - 2, up(at) + 13, label, 'end')),
      ),
    );
  };
  const observer = new ResizeObserver(draw);
  observer.observe(element);
  return {
    element,
    show(next) {
      content = next;
      draw();
    },
    themeChanged() {
      theme = readTheme();
      draw();
    },
    dispose: () => observer.disconnect(),
  };
}

const scale = (value: number, { from, to }: Axis, low: number, high: number): number =>
  low + ((value - from) / (to - from)) * (high - low);

function pathsOf(
  { points, hue, dash, filled = false }: PlotLine,
  left: (x: number) => number,
  up: (y: number) => number,
  { from, to }: Axis,
  theme: Theme,
): SVGElement[] {
  // What is higher than the plot leaves it at the top; what is infinite is not drawn.
  const shown = points.filter(([, value]) => Number.isFinite(value));
  if (shown.length === 0) return [];
  const at = ([x, value]: readonly [number, number]) =>
    `${left(x).toFixed(1)} ${up(Math.min(value, to + (to - from))).toFixed(1)}`;
  const path = `M${shown.map(at).join('L')}`;
  const color = theme.lineColors[hue];
  const ground = [shown.at(-1)!, shown[0]].map(([x]) => at([x, from])).join('L');
  return [
    ...(filled ? [svg('path', { d: `${path}L${ground}Z`, fill: color, 'fill-opacity': 0.16 })] : []),
    svg('path', {
      d: path,
      fill: 'none',
      stroke: color,
      'stroke-width': 2,
      'stroke-dasharray': dashes[dash].join(' ') || null,
    }),
  ];
}
