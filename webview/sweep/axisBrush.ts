// The brush of an axis: dragged along the axis with the mouse, or set by the keys of two sliders.
import { t } from '../l10n';
import { h, set } from '../ui/dom';
import { type Axis, textOf } from './axes';
import { type Brush, brushAfterKey, brushBetween, type BrushEnd, brushIndices, isOpen } from './brushes';
import type { PlotLayout } from './plotLayout';

export interface AxisBrush {
  readonly element: HTMLElement;
  show(axis: Axis, index: number, brush: Brush, layout: PlotLayout): void;
}

const open: Brush = { from: null, to: null };
/** Pixels between the pressing and the release of the button up to which it is a click. */
const clickReach = 4;

/** An axis without different values has no brush, but keeps its place among the elements. */
export function createAxisBrush(onBrush: (axis: Axis, brush: Brush) => void): AxisBrush {
  let current: { axis: Axis; brush: Brush; layout: PlotLayout } | null = null;
  /** The next key counts from here, also if it comes before this was drawn. */
  const change = (brush: Brush) => {
    if (current === null) return;
    current = { ...current, brush };
    onBrush(current.axis, brush);
  };
  let pressed: { readonly pixels: number; readonly place: number } | null = null;
  const placeOf = (event: PointerEvent, { stacked, placeAt }: PlotLayout) => {
    const box = strip.parentElement!.parentElement!.getBoundingClientRect();
    const pixels = stacked ? event.clientX - box.left : event.clientY - box.top;
    return { pixels, place: placeAt(pixels) };
  };
  const strip = h('div', {
    class: 'strip',
    onpointerdown(event) {
      if (current === null) return;
      strip.setPointerCapture((event as PointerEvent).pointerId);
      pressed = placeOf(event as PointerEvent, current.layout);
      event.preventDefault();
    },
    onpointermove(event) {
      if (current === null || pressed === null) return;
      const { pixels, place } = placeOf(event as PointerEvent, current.layout);
      if (Math.abs(pixels - pressed.pixels) > clickReach) change(brushBetween(current.axis, pressed.place, place));
    },
    onpointerup(event) {
      if (current === null || pressed === null) return;
      const { pixels } = placeOf(event as PointerEvent, current.layout);
      // A click clears the brush.
      if (Math.abs(pixels - pressed.pixels) <= clickReach && !isOpen(current.brush)) change(open);
      pressed = null;
    },
    onpointercancel: () => (pressed = null),
  });
  const range = h('div', { class: 'brush', hidden: true });
  const thumb = (end: BrushEnd) =>
    h('div', {
      class: `thumb ${end}`,
      role: 'slider',
      tabindex: 0,
      onkeydown(event) {
        const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
        if (current === null || ctrlKey || metaKey || altKey) return;
        const next = key === 'Escape' ? open : brushAfterKey(current.axis, current.brush, end, key);
        if (next === undefined) return;
        event.preventDefault();
        change(next);
      },
    });
  const thumbs = { from: thumb('from'), to: thumb('to') };
  const element = h('div', { class: 'axis-brush', role: 'group' }, strip, range, thumbs.from, thumbs.to);
  return {
    element,
    show(axis, index, brush, layout) {
      current = { axis, brush, layout };
      const [first, last] = brushIndices(axis, brush);
      const at = (i: number) => layout.across(axis.at(axis.values[i] ?? null) ?? 0);
      const { style } = element;
      style.setProperty('--along', `${layout.along(index)}px`);
      style.setProperty('--zero', `${layout.across(0)}px`);
      style.setProperty('--one', `${layout.across(1)}px`);
      set(element, { 'aria-label': axis.label, hidden: axis.values.length < 2 });
      element.classList.toggle('stacked', layout.stacked);
      range.hidden = isOpen(brush) || first > last;
      const [a, b] = [at(first), at(last)].sort((x, y) => x - y);
      range.style.setProperty('--start', `${a - 5}px`);
      range.style.setProperty('--length', `${b - a + 10}px`);
      for (const [end, i, name] of [
        ['from', first, t('Least {0}', axis.label)],
        ['to', last, t('Most {0}', axis.label)],
      ] as const) {
        const shown = Math.max(0, Math.min(axis.values.length - 1, i));
        thumbs[end].style.setProperty('--at', `${at(shown)}px`);
        thumbs[end].classList.toggle('set', brush[end] !== null);
        set(thumbs[end], {
          'aria-label': name,
          'data-name': `${end} ${axis.label}`,
          'aria-orientation': layout.stacked ? 'horizontal' : 'vertical',
          'aria-valuemin': 0,
          'aria-valuemax': Math.max(0, axis.values.length - 1),
          'aria-valuenow': shown,
          'aria-valuetext': textOf(axis.values[shown] ?? null),
        });
      }
    },
  };
}
