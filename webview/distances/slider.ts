// Controls for a number: a native slider with its value, and a handle that is dragged along a plot.
import { round } from '../format';
import { h, set, setText } from '../ui/dom';
import { cell } from '../../src/math/lineDistributions';
import type { Bounds } from './distancesState';

export interface NumberControl {
  readonly element: HTMLElement;
  show(value: number): void;
}

/** `name` distinguishes sliders with the same label for screen readers. */
export function createSlider(
  label: string,
  name: string,
  { min, max }: Bounds,
  onChange: (value: number) => void,
): NumberControl {
  const input = h('input', {
    type: 'range',
    min,
    max,
    step: cell,
    'aria-label': name,
    oninput: () => onChange(input.valueAsNumber),
  });
  const value = h('span', { class: 'readout' });
  return {
    element: h('div', { class: 'slider' }, h('span', { class: 'label' }, label), input, value),
    show(shown) {
      input.value = String(shown);
      input.style.setProperty('--at', String((shown - min) / (max - min)));
      set(input, { 'aria-valuetext': round(shown) });
      setText(value, round(shown));
    },
  };
}

interface HandleOptions extends Bounds {
  readonly letter: string;
  readonly name: string;
  /** The plot's range along the axis, and the margins of its area in pixels. */
  readonly range: Bounds;
  readonly margin: { readonly left: number; readonly right: number };
  readonly onChange: (value: number) => void;
}

/** Must be a child of the element over which it moves. */
export function createHandle({ letter, name, min, max, range, margin, onChange }: HandleOptions): NumberControl {
  let current = 0;
  const element = h(
    'div',
    {
      class: `handle ${letter}`,
      role: 'slider',
      tabindex: 0,
      'aria-label': name,
      'aria-valuemin': min,
      'aria-valuemax': max,
      onpointerdown: (event) => {
        element.setPointerCapture((event as PointerEvent).pointerId);
        element.focus();
        event.preventDefault();
      },
      onpointermove: (event) => {
        const { clientX, pointerId } = event as PointerEvent;
        const parent = element.parentElement;
        if (parent === null || !element.hasPointerCapture(pointerId)) return;
        const box = parent.getBoundingClientRect();
        const share = (clientX - box.left - margin.left) / (box.width - margin.left - margin.right);
        onChange(range.min + share * (range.max - range.min));
      },
      onkeydown: (event) => {
        const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
        if (!Object.hasOwn(moves, key) || ctrlKey || metaKey || altKey) return;
        event.preventDefault();
        onChange(moves[key](current, min, max));
      },
    },
    h('span', { class: 'knob' }, letter),
  );
  return {
    element,
    show(value) {
      current = value;
      const share = (value - range.min) / (range.max - range.min);
      element.style.left = `calc(${margin.left}px + ${share} * (100% - ${margin.left + margin.right}px))`;
      set(element, { 'aria-valuenow': value, 'aria-valuetext': round(value) });
    },
  };
}

/** As in the ARIA practices for sliders. */
const moves: Readonly<Record<string, (value: number, min: number, max: number) => number>> = {
  ArrowLeft: (value) => value - cell,
  ArrowDown: (value) => value - cell,
  ArrowRight: (value) => value + cell,
  ArrowUp: (value) => value + cell,
  PageDown: (value) => value - 10 * cell,
  PageUp: (value) => value + 10 * cell,
  Home: (_, min) => min,
  End: (_, __, max) => max,
};
