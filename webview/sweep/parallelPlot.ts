// Parallel coordinates of a sweep: an axis for each setting and the result, and a line for each setting's trials. The
// table below has the same in text; only the brushes are for screen readers, too.
import { t } from '../l10n';
import { breakable, h, set, setText, svg } from '../ui/dom';
import { readTheme } from '../ui/theme';
import { type Axis, textOf } from './axes';
import { type AxisBrush, createAxisBrush } from './axisBrush';
import type { Brush, Brushes } from './brushes';
import { missingPlace, nearestLine, type PlotLine, type PlotModel } from './lines';
import { pathOf, type PlotLayout, plotLayout, rangePath } from './plotLayout';

export interface ParallelPlot {
  readonly element: HTMLElement;
  show(model: PlotModel, brushes: Brushes, selected: ReadonlySet<string>): void;
  dispose(): void;
}

export interface PlotActions {
  brush(label: string, brush: Brush): void;
  /** Selects the row of a line, or the opposite. */
  toggle(line: PlotLine): void;
  /** The text of a line under the pointer. */
  describe(line: PlotLine): string;
}

/** With more lines, ranges would cover each other: they are drawn for the line under the pointer only. */
const maxRanges = 60;
/** Pixels between the pointer and a line. */
const reach = 14;

export function createParallelPlot({ brush, toggle, describe }: PlotActions): ParallelPlot {
  const graphic = svg('svg', { 'aria-hidden': 'true', class: 'lines' });
  const labels = h('div', { class: 'axis-labels', 'aria-hidden': 'true' });
  const brushes: AxisBrush[] = [];
  const brushElements = h('div', { class: 'axis-brushes' });
  const readout = h('p', { class: 'readout' });
  const none = h('p', { class: 'muted' }, t('The chart appears when the first trial has ended.'));
  const legend = h('ul', { class: 'line-legend' });
  const area = h('div', { class: 'plot-area' }, graphic, labels, brushElements);
  const chart = h('div', {}, legend, area, readout);
  const element = h('section', { class: 'parallel', 'aria-label': t('Parallel coordinates') }, none, chart);
  let shown: { model: PlotModel; brushes: Brushes; selected: ReadonlySet<string> } | null = null;
  let layout: PlotLayout | null = null;
  let pointed: PlotLine | null = null;

  const draw = () => {
    if (shown === null) return;
    const { model, selected } = shown;
    const width = area.clientWidth;
    if (width === 0) return;
    layout = plotLayout(
      width,
      model.axes.length,
      model.axes.some(({ missing }) => missing !== null),
    );
    area.style.height = `${layout.height + (layout.stacked ? 0 : labelHeight)}px`;
    area.classList.toggle('stacked', layout.stacked);
    set(graphic, { width, height: layout.height, viewBox: `0 0 ${width} ${layout.height}` });
    graphic.replaceChildren(...linesOf(model, layout, selected), highlight, ...axesOf(model.axes, layout));
    drawHighlight();
    labels.replaceChildren(...labelsOf(model, layout));
    while (brushes.length < model.axes.length) {
      const created = createAxisBrush((axis, next) => brush(axis.label, next));
      brushes.push(created);
      brushElements.append(created.element);
    }
    brushes.forEach((each, i) => {
      each.element.hidden = i >= model.axes.length;
      if (i < model.axes.length && layout !== null)
        each.show(model.axes[i], i, shown?.brushes[model.axes[i].label] ?? open, layout);
    });
    drawLegend(legend, model);
  };
  const highlight = svg('g', { class: 'highlight' });
  const drawHighlight = () => {
    if (layout === null || pointed === null) {
      highlight.replaceChildren();
      return setText(readout, t('Point at a line to read it, drag along an axis to filter.'));
    }
    const stroke = readTheme().lineColors[pointed.hue];
    highlight.replaceChildren(
      svg('path', { d: rangePath(pointed, layout), fill: stroke, class: 'range' }),
      svg('path', { d: pathOf(pointed, layout), class: 'halo' }),
      svg('path', { d: pathOf(pointed, layout), stroke, class: pointed.dashed ? 'line dashed' : 'line' }),
    );
    setText(readout, describe(pointed));
  };
  const lineAt = ({ clientX, clientY }: MouseEvent): PlotLine | null => {
    if (layout === null || shown === null) return null;
    const box = graphic.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const [along, across] = layout.stacked ? [y, x] : [x, y];
    const unit = Math.abs(layout.across(1) - layout.across(0));
    return nearestLine(shown.model.lines, layout.axisAt(along), layout.placeAt(across), reach / unit);
  };
  const point = (line: PlotLine | null) => {
    if (line === pointed) return;
    pointed = line;
    drawHighlight();
  };
  area.addEventListener('pointermove', (event) => point(lineAt(event)));
  area.addEventListener('pointerleave', () => point(null));
  graphic.addEventListener('click', (event) => {
    const line = lineAt(event as MouseEvent);
    if (line !== null) toggle(line);
  });
  const resized = new ResizeObserver(() => {
    if (area.clientWidth !== layout?.width) draw();
  });
  resized.observe(area);
  return {
    element,
    show(model, newBrushes, selected) {
      const id = pointed?.group.id;
      pointed = model.lines.find(({ group }) => group.id === id) ?? null;
      shown = { model, brushes: newBrushes, selected };
      chart.hidden = model.lines.length === 0;
      none.hidden = !chart.hidden;
      draw();
    },
    dispose: () => resized.disconnect(),
  };
}

const open: Brush = { from: null, to: null };
/** Of the labels above axes that are side by side. */
const labelHeight = 50;

/** A path for all lines that look the same. */
function linesOf({ lines }: PlotModel, layout: PlotLayout, selected: ReadonlySet<string>): SVGElement[] {
  const { lineColors } = readTheme();
  const paths = new Map<string, { d: string[]; stroke: string | null; dashed: boolean; look: string }>();
  const kept = lines.filter((line) => line.kept);
  for (const line of lines) {
    const look = !line.kept ? 'filtered' : selected.has(line.group.id) ? 'selected' : 'line';
    const key = line.kept ? `${look} ${line.hue} ${line.dashed}` : look;
    const found = paths.get(key) ?? {
      ...{ d: [], stroke: line.kept ? lineColors[line.hue] : null, dashed: line.kept && line.dashed, look },
    };
    found.d.push(pathOf(line, layout));
    paths.set(key, found);
  }
  const ranges = kept.length > maxRanges ? [] : kept.filter(({ range }) => range !== null);
  const order = ['filtered', 'line', 'selected'];
  return [
    ...ranges.map((line) => svg('path', { d: rangePath(line, layout), fill: lineColors[line.hue], class: 'range' })),
    ...[...paths.values()]
      .sort((a, b) => order.indexOf(a.look) - order.indexOf(b.look))
      .map(({ d, stroke, dashed, look }) =>
        svg('path', {
          d: d.join(''),
          stroke,
          class: `${look}${dashed ? ' dashed' : ''}${kept.length > 200 ? ' many' : ''}`,
        }),
      ),
  ];
}

function axesOf(axes: readonly Axis[], layout: PlotLayout): SVGElement[] {
  const { stacked, along, across } = layout;
  return axes.map((axis, i) => {
    const at = along(i);
    const ends = stacked
      ? { x1: across(0), x2: across(1), y1: at, y2: at }
      : { x1: at, x2: at, y1: across(0), y2: across(1) };
    const ticks = axis.ticks.map(({ at: place, text }) => ({ place, text }));
    const all = axis.missing === null ? ticks : [...ticks, { place: missingPlace, text: axis.missing }];
    const shown = stacked ? sparse(all, layout) : all;
    const isLast = i === axes.length - 1;
    return svg(
      'g',
      { class: 'axis' },
      svg('line', ends),
      ...shown.map(({ place, text }) =>
        stacked
          ? svg('text', { x: across(place), y: at + 15, 'text-anchor': anchorOf(across(place), layout.width) }, text)
          : svg(
              'text',
              { x: isLast ? at - 6 : at + 6, y: across(place) + 4, 'text-anchor': isLast ? 'end' : 'start' },
              text,
            ),
      ),
    );
  });
}

/** At the margins of a narrow page, labels do not reach over them. */
const anchorOf = (x: number, width: number): string => (x < 40 ? 'start' : x > width - 40 ? 'end' : 'middle');

/** Leaves out labels that would overlap the one before. */
function sparse(ticks: readonly { readonly place: number; readonly text: string }[], { across }: PlotLayout) {
  let end = -Infinity;
  return [...ticks]
    .sort((a, b) => a.place - b.place)
    .filter(({ place, text }) => {
      const half = 3.4 * text.length;
      if (across(place) - half < end) return false;
      end = across(place) + half + 6;
      return true;
    });
}

function labelsOf({ axes }: PlotModel, { stacked, along, width }: PlotLayout): HTMLElement[] {
  const distance = axes.length > 1 ? along(1) - along(0) : width;
  return axes.map(({ label }, i) => {
    const element = h(
      'div',
      { class: `axis-label${i === 0 ? ' first' : i === axes.length - 1 ? ' last' : ''}` },
      ...breakable(label),
    );
    const { style } = element;
    style.setProperty('--along', `${along(i)}px`);
    if (!stacked) style.setProperty('--width', `${Math.min(distance - 8, 130)}px`);
    return element;
  });
}

/** The names of the colors, and what is dashed. */
function drawLegend(legend: HTMLElement, { axes, colored, lines }: PlotModel): void {
  const { lineColors } = readTheme();
  const swatch = (stroke: string, dashed: boolean) =>
    svg(
      'svg',
      { width: 22, height: 10, 'aria-hidden': 'true' },
      svg('path', { d: 'M0,5L22,5', stroke, class: dashed ? 'line dashed' : 'line' }),
    );
  const colors = colored === -1 ? [] : axes[colored].values;
  const items = [
    ...colors.map((value, hue) => [swatch(lineColors[hue], false), textOf(value)] as const),
    ...(lines.some(({ dashed }) => dashed)
      ? [[swatch(readTheme().faint, true), t('A trial diverged or failed')] as const]
      : []),
  ];
  const heading = colored === -1 ? [] : [h('li', { class: 'muted' }, axes[colored].label)];
  legend.replaceChildren(...heading, ...items.map(([line, text]) => h('li', {}, line, text)));
  legend.hidden = items.length === 0;
}
