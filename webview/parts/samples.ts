// The samples: the picture of one step, a slider over the steps, and a switch to follow the latest.
import type { MonitorSample } from '../../src/protocol/monitor';
import { h, icon, set, setText } from '../dom';
import { count } from '../format';
import { icons } from '../icons';
import { chosenSample } from '../run/chosenSample';

export interface Samples {
  readonly element: HTMLElement;
  show(samples: readonly MonitorSample[]): void;
  /** What stands in the place of a picture. */
  say(text: string): void;
}

/** `chosen` is the step that is looked at, or null to follow the latest; `onChosen` is told when the user changes that. */
export function createSamples(
  chosen: number | null,
  onChosen: (step: number | null) => void,
  openSample: (step: number) => void,
): Samples {
  let samples: readonly MonitorSample[] = [];
  let step = chosen;
  const picture = createPicture(openSample);
  const choose = (next: number | null) => {
    step = next;
    onChosen(step);
    refresh();
  };
  const slider = h('input', { type: 'range', min: 0, max: 0, step: 1, 'aria-label': 'Step of the samples', oninput: () => choose(samples[slider.valueAsNumber]?.step ?? null) }); // prettier-ignore
  const move = (by: number) => () => choose(samples[index() + by]?.step ?? step);
  const button = (label: string, path: string, by: number) =>
    h('vscode-button', { appearance: 'icon', 'aria-label': label, title: label, onclick: move(by) }, icon(path));
  const previous = button('Previous samples', icons.previous, -1);
  const next = button('Next samples', icons.next, 1);
  const follow = h('vscode-checkbox', { title: 'Show each new picture as it comes' }, 'Follow latest') as HTMLElement & { checked: boolean }; // prettier-ignore
  // Also fired when the page itself sets the box, where it then changes nothing.
  follow.addEventListener('change', () => {
    if (follow.checked === (step === null)) return;
    choose(follow.checked ? null : (samples[index()]?.step ?? null));
  });
  const label = h('span', { class: 'readout' });
  const index = () => chosenSample(samples, step);

  const refresh = () => {
    const at = index();
    const sample = samples[at];
    element.classList.toggle('empty', sample === undefined);
    picture.show(sample ?? null);
    follow.checked = step === null;
    if (sample === undefined) return;
    set(slider, { max: samples.length - 1, 'aria-valuetext': `step ${count(sample.step)}` });
    slider.valueAsNumber = at;
    set(previous, { disabled: at === 0 });
    set(next, { disabled: at === samples.length - 1 });
    setText(label, `step ${count(sample.step)} · ${at + 1} of ${samples.length}`);
    element.style.setProperty('--at', samples.length > 1 ? String(at / (samples.length - 1)) : '1');
  };
  const waiting = h('p', { class: 'waiting' });
  const element = h(
    'section',
    { class: 'samples empty', 'aria-label': 'Samples' },
    h('div', { class: 'legend' }, h('h2', {}, 'Samples'), label),
    h('div', { class: 'frame' }, picture.element, waiting),
    h('div', { class: 'steps' }, previous, slider, next, follow),
  );
  return {
    element,
    show(now) {
      samples = now;
      refresh();
    },
    say: (text) => setText(waiting, text),
  };
}

/** A picture that is replaced only by one that is ready to be drawn, so that nothing flickers, and only by the last that was asked for. */
function createPicture(openSample: (step: number) => void) {
  const element = h('div', { class: 'picture' });
  let wanted = '';
  let shownStep = -1;
  element.addEventListener('click', () => {
    if (shownStep >= 0) openSample(shownStep);
  });
  const show = async (sample: MonitorSample | null) => {
    if (wanted === (sample?.uri ?? '')) return;
    wanted = sample?.uri ?? '';
    if (sample === null) {
      shownStep = -1;
      return element.replaceChildren();
    }
    const image = h('img', { alt: `Samples at step ${sample.step}`, title: 'Open the picture', draggable: false });
    image.src = sample.uri;
    // A picture that is being replaced on the disk may fail; the next list has its new address.
    const ready = await image.decode().then(
      () => true,
      () => false,
    );
    if (wanted !== sample.uri) return;
    if (!ready) {
      wanted = '';
      return;
    }
    shownStep = sample.step;
    element.replaceChildren(image);
    crisp(image);
  };
  const crisp = (image: HTMLImageElement) =>
    image.classList.toggle('enlarged', image.naturalWidth < image.clientWidth * devicePixelRatio);
  new ResizeObserver(() => element.querySelectorAll('img').forEach(crisp)).observe(element);
  return { element, show: (sample: MonitorSample | null) => void show(sample) };
}
