// Where the axes of parallel coordinates are: side by side, or one below the other on a narrow page.
import { missingPlace, type PlotLine } from './lines';

export interface PlotLayout {
  /** Axes are horizontal, one below the other. */
  readonly stacked: boolean;
  readonly width: number;
  readonly height: number;
  /** The position of an axis along the direction in which lines run, in pixels. */
  readonly along: (axis: number) => number;
  /** The position of a place on an axis, in pixels; from the bottom, or from the left. */
  readonly across: (place: number) => number;
  /** The inverse of `along` and of `across`. */
  readonly axisAt: (pixels: number) => number;
  readonly placeAt: (pixels: number) => number;
}

/** Axes that are closer to each other are drawn one below the other. */
const leastDistance = 92;
const height = 280;
/** The distance of axes that are one below the other, with room for labels and ticks. */
const stackedDistance = 62;
const margin = { top: 12, bottom: 12, side: 10, stackedTop: 26, stackedSide: 14 };

/** `hasMissing` leaves room for values beside the axes. */
export function plotLayout(width: number, axes: number, hasMissing: boolean): PlotLayout {
  const gaps = Math.max(1, axes - 1);
  const distance = (width - 2 * margin.side) / gaps;
  const stacked = axes > 1 && distance < leastDistance;
  const room = hasMissing ? -missingPlace : 0;
  if (stacked) {
    const [start, end] = [margin.stackedSide, width - margin.stackedSide];
    const zero = start + (room * (end - start)) / (1 + room);
    return layout({
      ...{ stacked, width, height: margin.stackedTop + gaps * stackedDistance + 24 },
      ...{ first: margin.stackedTop, distance: stackedDistance, zero, one: end },
    });
  }
  const [start, end] = [height - margin.bottom, margin.top];
  const zero = start + (room * (end - start)) / (1 + room);
  const first = axes > 1 ? margin.side : width / 2;
  return layout({ stacked, width, height, first, distance, zero, one: end });
}

interface Scales extends Pick<PlotLayout, 'stacked' | 'width' | 'height'> {
  /** The position of the first axis and the distance to the next. */
  readonly first: number;
  readonly distance: number;
  /** The positions of the places 0 and 1. */
  readonly zero: number;
  readonly one: number;
}

const layout = ({ first, distance, zero, one, ...size }: Scales): PlotLayout => ({
  ...size,
  along: (axis) => first + axis * distance,
  across: (place) => zero + place * (one - zero),
  axisAt: (pixels) => (pixels - first) / distance,
  placeAt: (pixels) => (pixels - zero) / (one - zero),
});

/** The path of a line through its places. */
export function pathOf({ places }: Pick<PlotLine, 'places'>, layout: PlotLayout): string {
  return places
    .map((place, axis) => `${axis === 0 ? 'M' : 'L'}${pointAt(layout, axis, place ?? missingPlace)}`)
    .join('');
}

/** The triangle from a line's last but one place to the range of its results; '' without a range. */
export function rangePath({ places, range }: Pick<PlotLine, 'places' | 'range'>, layout: PlotLayout): string {
  if (range === null || places.length < 2) return '';
  const last = places.length - 1;
  const [low, high] = range;
  return `M${pointAt(layout, last - 1, places[last - 1] ?? missingPlace)}L${pointAt(layout, last, low)}L${pointAt(layout, last, high)}Z`;
}

function pointAt({ stacked, along, across }: PlotLayout, axis: number, place: number): string {
  const [a, b] = [along(axis).toFixed(1), across(place).toFixed(1)];
  return stacked ? `${b},${a}` : `${a},${b}`;
}
