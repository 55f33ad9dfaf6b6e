// Cursor movement and zoom.
import { describe, expect, it } from 'vitest';
import { clampZoom, moveCursor, nearestMark, panBy, panTo, zoomBy } from './navigation';

describe('chart navigation', () => {
  it('finds the mark at the cursor', () => {
    const marks = [{ x: 10 }, { x: 12 }, { x: 500 }];
    expect(nearestMark(marks, 11.5, [0, 1000])).toEqual({ x: 12 });
    expect(nearestMark(marks, 40, [0, 1000])).toBeUndefined();
    expect(nearestMark([], 40, [0, 1000])).toBeUndefined();
  });

  it('clamps the zoom to the curve, in either direction, and to at least two steps', () => {
    expect(clampZoom([-5, 50], [1, 100])).toEqual([1, 50]);
    expect(clampZoom([80, 20], [1, 100])).toEqual([20, 80]);
    expect(clampZoom([50.2, 50.4], [1, 100])).toEqual([50.3 - 1, 50.3 + 1]);
    expect(clampZoom([1, 1], [1, 100])).toEqual([1, 2]);
  });

  it('moves a zoomed range as far as the curve goes', () => {
    expect(panBy([20, 40], [1, 100], 30)).toEqual([50, 70]);
    expect(panBy([20, 40], [1, 100], 300)).toEqual([80, 100]);
    expect(panBy([20, 40], [1, 100], -300)).toEqual([1, 21]);
    expect([panTo([20, 40], 30), panTo([20, 40], 45), panTo([20, 40], 11)]).toEqual([
      [20, 40],
      [25, 45],
      [11, 31],
    ]);
  });

  it('scales the range about a position, until it contains all', () => {
    expect(zoomBy(0.5, 25, [20, 40], [1, 100])).toEqual([22.5, 32.5]);
    expect(zoomBy(2, 30, [20, 40], [1, 100])).toEqual([10, 50]);
    expect(zoomBy(20, 30, [20, 40], [1, 100])).toBeNull();
  });

  it('moves the cursor by rows and pages, and to the ends of the visible range', () => {
    const step = Float64Array.from({ length: 101 }, (_, i) => 2 * i);
    const move = (key: string, cursor: number | null, far = false) => moveCursor(key, far, step, cursor, [20, 120]);
    expect(move('ArrowLeft', null)).toBe(120);
    expect(move('ArrowLeft', 60)).toBe(58);
    expect(move('ArrowRight', 60)).toBe(62);
    expect(move('ArrowRight', 60, true)).toBe(66);
    expect(move('PageDown', 60)).toBe(54);
    expect([move('ArrowRight', 120), move('ArrowLeft', 20)]).toEqual([122, 18]);
    expect([move('ArrowRight', 200), move('ArrowLeft', 0)]).toEqual([200, 0]);
    expect([move('Home', 60), move('End', 60)]).toEqual([20, 120]);
    expect(move('Enter', 60)).toBeUndefined();
    expect(move('toString', 60)).toBeUndefined();
    expect(moveCursor('Home', false, new Float64Array(0), null, [0, 1])).toBeUndefined();
  });
});
