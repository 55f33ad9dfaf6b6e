// The distances page: two distributions that are moved and changed, and every distance between them.
import {
  distancesApart,
  type LineDistanceName,
  lineDistanceNames,
  type LineKind,
  type LineMasses,
  massesOf,
  cell,
  positions,
} from '../../src/math/lineDistributions';
import { createLineSwatch } from '../charts/lineSwatch';
import { round } from '../format';
import { t } from '../l10n';
import type { Page } from '../page';
import { createAnnouncer } from '../run/announcer';
import { h, setText } from '../ui/dom';
import { lineStyleOf } from '../ui/palette';
import { readTheme } from '../ui/theme';
import { createSelect } from '../ui/widgets';
import type { VsCodeApi } from '../vscodeApi';
import { bounds, type DistancesState, type Placed, restoreDistancesState, snapped } from './distancesState';
import { distanceText, insightOf } from './insight';
import { createPlot } from './plot';
import { createHandle, createSlider, type NumberControl } from './slider';

const names: Readonly<Record<LineDistanceName, { readonly label: string; readonly text: string }>> = {
  kl: { label: 'KL(p‖q)', text: t('Infinite if p has mass where q has none.') },
  reverseKl: { label: 'KL(q‖p)', text: t('Infinite if q has mass where p has none.') },
  js: { label: 'JS', text: t('At most log 2 = 0.693, which it is for all disjoint supports.') },
  tv: { label: 'TV', text: t('At most 1, which it is for all disjoint supports.') },
  chiSquare: { label: 'χ²(p‖q)', text: t('Also infinite if the tails of q are much lighter than those of p.') },
  hellinger: { label: 'H²', text: t('The squared Hellinger distance: at most 2.') },
  w1: { label: 'W₁', text: t('How far mass has to move: grows with the distance.') },
};

const kinds: Readonly<Record<LineKind, string>> = { gaussian: t('Gaussian'), uniform: t('Uniform') };

/** Colors of p and q, and of the distances. */
const hues = { p: 0, q: 1 } as const;
const styleOf = (name: LineDistanceName) => lineStyleOf(lineDistanceNames.indexOf(name) + 2);

const range = { min: -6, max: 6 };
const margin = { left: 12, right: 12 };
/** Distances apart at which the curves are computed. */
const separations = Array.from({ length: 41 }, (_, i) => i / 5);
/** Positions at which the densities are drawn. */
const drawn = positions.reduce<number[]>((found, x, k) => (Math.abs(x) < 10 ? [...found, k] : found), []);
const announceAfterMs = 500;

export function createDistancesPage(vscode: VsCodeApi): Page<never> {
  let state = restoreDistancesState(vscode.getState());
  const shapes = { p: massesIn(state, 'p'), q: massesIn(state, 'q') };
  const change = (next: Partial<DistancesState>) => {
    const before = state;
    state = { ...state, ...next };
    for (const each of ['p', 'q'] as const) {
      const same = state.noise === before.noise && sameShape(state[each], before[each]);
      if (!same) shapes[each] = massesIn(state, each);
    }
    vscode.setState(state);
    show();
  };
  const place = (each: 'p' | 'q', part: Partial<Placed>) => change({ [each]: { ...state[each], ...part } });

  const densities = createPlot({
    x: { from: range.min, to: range.max, ticks: [-6, -4, -2, 0, 2, 4, 6] },
    y: { from: 0, to: 2.1, ticks: [] },
    height: 230,
    xTitle: t('position'),
    margin,
  });
  const curves = createPlot({
    x: { from: 0, to: separations.at(-1)!, ticks: [0, 2, 4, 6, 8] },
    y: { from: 0, to: 4, ticks: [0, 1, 2, 3, 4] },
    height: 230,
    xTitle: t('distance between p and q'),
    margin: { left: 28, right: 12 },
  });
  const handleOf = (letter: 'p' | 'q', name: string) =>
    createHandle({
      letter,
      name,
      ...bounds.position,
      range,
      margin,
      onChange: (value) => place(letter, { position: snapped(value, bounds.position) }),
    });
  const p = controlsOf('p', t('p, the real distribution'), place, {
    position: t('Position of p'),
    width: t('Width of p'),
    kind: t('Shape of p'),
  });
  const q = controlsOf('q', t('q, the generated distribution'), place, {
    position: t('Position of q'),
    width: t('Width of q'),
    kind: t('Shape of q'),
  });
  const noise = createSlider(t('Deviation'), t('Instance noise'), bounds.noise, (value) =>
    change({ noise: snapped(value, bounds.noise) }),
  );
  const handles = { p: handleOf('p', t('Move p')), q: handleOf('q', t('Move q')) };
  const insight = h('p', { class: 'insight' });
  const rows = lineDistanceNames.map((name) => {
    const swatch = createLineSwatch({ look: 'line', dash: styleOf(name).dash });
    const value = h('td', { class: 'value' });
    const row = h(
      'tr',
      {},
      h('th', { scope: 'row' }, swatch, names[name].label),
      value,
      h('td', { class: 'muted' }, names[name].text),
    );
    return { name, swatch, value, row };
  });
  const announcer = createAnnouncer();
  let announcement: ReturnType<typeof setTimeout> | undefined;
  let curveOf: readonly unknown[] = [];
  let lines: Parameters<typeof curves.show>[0]['lines'] = [];

  const show = (announced = true) => {
    const { p: placedP, q: placedQ } = state;
    const apart = Math.abs(placedQ.position - placedP.position);
    const distances = distancesApart(shapes.p, shapes.q, apart);
    p.show(placedP);
    q.show(placedQ);
    noise.show(state.noise);
    handles.p.show(placedP.position);
    handles.q.show(placedQ.position);
    densities.show({
      lines: (['p', 'q'] as const).map((each) => ({
        points: densityPoints(shapes[each], state[each].position),
        hue: hues[each],
        dash: hues[each],
        filled: true,
      })),
    });
    if (curveOf[0] !== shapes.p || curveOf[1] !== shapes.q) {
      curveOf = [shapes.p, shapes.q];
      const values = separations.map((apart) => distancesApart(shapes.p, shapes.q, apart));
      lines = lineDistanceNames.map((name) => ({
        points: separations.map((apart, i) => [apart, values[i][name]] as const),
        ...styleOf(name),
      }));
    }
    curves.show({
      lines,
      levels: [{ at: Math.LN2, label: 'log 2' }],
      places: [{ at: apart, label: '' }],
    });
    for (const { name, value } of rows) setText(value, distanceText(distances[name]));
    const summary = insightOf(distances);
    setText(insight, summary);
    if (!announced) return;
    // One announcement after a series of changes.
    clearTimeout(announcement);
    announcement = setTimeout(() => {
      const values = lineDistanceNames.map((name) => `${names[name].label} ${distanceText(distances[name])}`);
      announcer.announce(`${t('{0} apart: {1}.', round(apart), values.join(', '))} ${summary}`);
    }, announceAfterMs);
  };
  const showColors = () => {
    const { lineColors } = readTheme();
    for (const { name, swatch } of rows) swatch.style.setProperty('--line', lineColors[styleOf(name).hue]);
    for (const each of ['p', 'q'] as const) {
      for (const { element } of [handles[each], { p, q }[each]])
        element.style.setProperty('--line', lineColors[hues[each]]);
    }
  };
  const element = h(
    'div',
    { class: 'page distances' },
    h(
      'header',
      {},
      h('div', { class: 'title' }, h('h1', {}, t('Distances between two distributions'))),
      h('p', { class: 'facts' }, t('Drag p and q, or move them with the arrow keys; change their shape; add noise.')),
    ),
    h(
      'main',
      {},
      h(
        'section',
        { class: 'densities', 'aria-label': t('Densities') },
        h('h2', {}, t('Densities')),
        h('div', { class: 'stage' }, densities.element, handles.p.element, handles.q.element),
        insight,
        h(
          'div',
          { class: 'controls' },
          p.element,
          q.element,
          h('fieldset', {}, h('legend', {}, t('Instance noise on both')), noise.element),
        ),
      ),
      h(
        'section',
        { class: 'values', 'aria-label': t('Distances') },
        h('h2', {}, t('Distances')),
        h('table', {}, h('tbody', {}, ...rows.map(({ row }) => row))),
        h('h2', {}, t('With these shapes, at every distance')),
        curves.element,
      ),
    ),
    announcer.element,
  );
  showColors();
  show(false);
  return {
    element,
    receive: () => {},
    tick: () => {},
    themeChanged() {
      showColors();
      densities.themeChanged();
      curves.themeChanged();
    },
    dispose() {
      clearTimeout(announcement);
      densities.dispose();
      curves.dispose();
    },
  };
}

/** The density around `position`; with steps if it has some. */
const densityPoints = ({ shape, mass }: LineMasses, position: number): (readonly [x: number, y: number])[] =>
  drawn.flatMap((k) => {
    const [x, density] = [positions[k] + position, mass[k] / cell];
    return shape.kind === 'uniform' && shape.noise === 0
      ? [[x - cell / 2, density] as const, [x + cell / 2, density] as const]
      : [[x, density] as const];
  });

const sameShape = (a: Placed, b: Placed) => a.kind === b.kind && a.width === b.width;

const massesIn = ({ noise, ...placed }: DistancesState, each: 'p' | 'q'): LineMasses =>
  massesOf({ kind: placed[each].kind, width: placed[each].width, noise });

function controlsOf(
  each: 'p' | 'q',
  legend: string,
  place: (each: 'p' | 'q', part: Partial<Placed>) => void,
  labels: Readonly<Record<keyof Placed, string>>,
) {
  const kind = createSelect<LineKind>(labels.kind, Object.entries(kinds) as [LineKind, string][], 'uniform', (kind) =>
    place(each, { kind }),
  ) as HTMLSelectElement;
  const slider = (part: 'position' | 'width', label: string): NumberControl =>
    createSlider(label, labels[part], bounds[part], (value) => place(each, { [part]: snapped(value, bounds[part]) }));
  const sliders = { position: slider('position', t('Position')), width: slider('width', t('Width')) };
  return {
    element: h(
      'fieldset',
      { class: each },
      h('legend', {}, legend),
      kind,
      sliders.position.element,
      sliders.width.element,
    ),
    show(placed: Placed) {
      kind.value = placed.kind;
      sliders.position.show(placed.position);
      sliders.width.show(placed.width);
    },
  };
}
