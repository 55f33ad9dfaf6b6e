// The samples of the compared runs side by side, all at the step that one slider selects.
import type { MonitorSample } from '../../src/protocol/monitor';
import { createLineSwatch } from '../charts/lineSwatch';
import { nearestSample } from '../curve/nearestStep';
import { formatCount } from '../format';
import { t } from '../l10n';
import { createPlotLegend } from '../run/plotLegend';
import { arePlots, createSampleImage, type SampleImage } from '../run/sampleImage';
import { h, set, setText } from '../ui/dom';
import { readTheme } from '../ui/theme';
import type { RunGroup } from './groups';

/** A group of a single run, with its sample images. */
export interface SampledRun {
  readonly group: RunGroup;
  readonly samples: readonly MonitorSample[];
}

export interface SampleComparison {
  readonly element: HTMLElement;
  show(runs: readonly SampledRun[]): void;
}

/** The steps at which any run has samples, ascending. */
const commonSteps = (runs: readonly Pick<SampledRun, 'samples'>[]): number[] =>
  [...new Set(runs.flatMap(({ samples }) => samples.map(({ step }) => step)))].sort((a, b) => a - b);

interface Tile {
  readonly element: HTMLElement;
  readonly swatch: SVGSVGElement;
  readonly name: HTMLElement;
  readonly step: HTMLElement;
  readonly image: SampleImage;
}

/** `selected` is the step at first, null for the latest; `onSelect` receives the user's selections. */
export function createSampleComparison(
  selected: number | null,
  onSelect: (step: number | null) => void,
  openRun: (id: string) => void,
): SampleComparison {
  let runs: readonly SampledRun[] = [];
  const tiles = new Map<string, Tile>();
  const slider = h('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    'aria-label': t('Sample step of all runs'),
    oninput() {
      const steps = commonSteps(runs);
      // At the end, the latest samples are followed.
      selected = slider.valueAsNumber === steps.length - 1 ? null : steps[slider.valueAsNumber];
      onSelect(selected);
      refresh();
    },
  });
  const readout = h('span', { class: 'readout' });
  const grid = h('div', { class: 'sample-grid' });
  const legend = h('div', { class: 'plots' });
  const element = h(
    'section',
    { class: 'sample-comparison', 'aria-label': t('Samples'), hidden: true },
    h('div', { class: 'legend' }, h('h2', {}, t('Samples')), readout, slider),
    grid,
    legend,
  );
  const tileOf = (id: string, dash: number): Tile => {
    const known = tiles.get(id);
    if (known !== undefined) return known;
    const image = createSampleImage(() => openRun(id));
    const swatch = createLineSwatch({ look: 'bold', dash });
    const [name, step] = [h('span', { class: 'name' }), h('span', { class: 'muted' })];
    const tile = {
      element: h('figure', {}, h('figcaption', {}, swatch, h('div', {}, name, step)), image.element),
      swatch,
      name,
      step,
      image,
    };
    tiles.set(id, tile);
    return tile;
  };
  const refresh = () => {
    const steps = commonSteps(runs);
    element.hidden = steps.length === 0;
    if (element.hidden) return;
    const found = selected === null ? -1 : steps.findLastIndex((step) => step <= selected!);
    const at = found < 0 ? steps.length - 1 : found;
    const plots = runs.find(({ group }) => arePlots(group.members[0].state.settings));
    if (plots && legend.childElementCount === 0) legend.append(createPlotLegend(plots.group.members[0].state.settings));
    const { lineColors } = readTheme();
    setText(readout, t('step {0}', formatCount(steps[at])));
    set(slider, { max: steps.length - 1, 'aria-valuetext': t('step {0}', formatCount(steps[at])) });
    slider.valueAsNumber = at;
    element.style.setProperty('--at', steps.length > 1 ? String(at / (steps.length - 1)) : '0');
    const shown = runs.map(({ group, samples }) => {
      const { id, state } = group.members[0];
      const tile = tileOf(id, group.dash);
      const sample = samples[nearestSample(samples, steps[at])];
      tile.swatch.style.setProperty('--line', lineColors[group.hue]);
      tile.element.classList.toggle('plots', arePlots(state.settings));
      setText(tile.name, group.label);
      set(tile.name, { title: state.directory });
      // A run that ended earlier, or draws its samples at other steps.
      const other = sample !== undefined && sample.step !== steps[at];
      setText(tile.step, sample === undefined ? t('no samples') : other ? t('step {0}', formatCount(sample.step)) : '');
      tile.image.show(
        sample === undefined
          ? null
          : {
              name: sample.step,
              uri: sample.uri,
              alt: t('Samples of {0} at step {1}', group.label, formatCount(sample.step)),
            },
      );
      return tile.element;
    });
    if (shown.length !== grid.children.length || shown.some((tile, i) => grid.children[i] !== tile))
      grid.replaceChildren(...shown);
  };
  return {
    element,
    show(next) {
      runs = next;
      refresh();
    },
  };
}
