// Brushes: by the mouse, by keys, and their filter.
import { describe, expect, it } from 'vitest';
import { resultAxis, settingAxis } from './axes';
import { type Brush, brushAfterKey, brushBetween, brushIndices, isInside } from './brushes';

const open: Brush = { from: null, to: null };
const widths = settingAxis('width', [32, 64, 128, 256]);
const names = settingAxis('activation', ['relu', 'tanh', 'elu']);

describe('a brush', () => {
  it('covers the values between two places, and is open at the ends of the axis', () => {
    expect(brushBetween(widths, 0.3, 0.7)).toEqual({ from: 64, to: 128 });
    expect(brushBetween(widths, 0.7, 0.3)).toEqual({ from: 64, to: 128 });
    expect(brushBetween(widths, -0.5, 0.4)).toEqual({ from: null, to: 64 });
    expect(brushBetween(widths, 0.4, 0.6)).toEqual(open);
  });

  it('filters numbers by size and names by their order; a missing value passes an open brush only', () => {
    const brush = { from: 64, to: null };
    expect([32, 64, 100, 256, null].map((value) => isInside(widths, brush, value))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect(['relu', 'tanh', 'elu'].map((value) => isInside(names, { from: 'tanh', to: 'tanh' }, value))).toEqual([
      false,
      true,
      false,
    ]);
    expect(isInside(widths, open, null)).toBe(true);
  });

  it('keeps its meaning when its values are no results any more', () => {
    const axis = resultAxis('w1', [0.1, 0.3, 0.5], null);
    expect(brushIndices(axis, { from: 0.2, to: 0.4 })).toEqual([1, 1]);
    const [first, last] = brushIndices(axis, { from: 0.6, to: null });
    expect(first).toBeGreaterThan(last);
  });
});

describe('the keys of a brush', () => {
  const press = (keys: readonly string[], end: 'from' | 'to' = 'from', brush = open) =>
    keys.reduce((before, key) => brushAfterKey(widths, before, end, key) ?? before, brush);

  it('move an end by a value, to the ends, and not past the other end', () => {
    expect(press(['ArrowUp'])).toEqual({ from: 64, to: null });
    expect(press(['ArrowRight', 'ArrowRight', 'ArrowLeft'])).toEqual({ from: 64, to: null });
    expect(press(['Home'], 'to')).toEqual({ from: null, to: 32 });
    expect(press(['End', 'ArrowUp'])).toEqual({ from: 256, to: null });
    expect(press(['ArrowUp', 'ArrowUp'], 'from', { from: null, to: 64 })).toEqual({ from: 64, to: 64 });
    expect(press(['ArrowDown', 'ArrowDown'], 'to', { from: 128, to: null })).toEqual({ from: 128, to: 128 });
    expect(press(['ArrowDown'], 'from', { from: 64, to: null })).toEqual(open);
  });

  it('move by a tenth of many values', () => {
    const axis = resultAxis(
      'w1',
      Array.from({ length: 100 }, (_, i) => i),
      null,
    );
    expect(brushAfterKey(axis, open, 'from', 'PageUp')).toEqual({ from: 10, to: null });
  });

  it('are no others', () => expect(brushAfterKey(widths, open, 'from', 'a')).toBeUndefined());
});
