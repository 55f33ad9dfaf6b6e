// The x axis of the charts: steps, the time since the first step, or the time of day. Positions on it are steps or
// seconds.
import { duration, formatCount, round } from '../format';
import { language, t } from '../l10n';
import { linearTicks } from './tickPositions';

/** `step` counts generator updates, `relative` seconds since the first step, `wall` Unix seconds. */
export const xAxes = ['step', 'relative', 'wall'] as const;

export type XAxis = (typeof xAxes)[number];

export const axisNames: { readonly [X in XAxis]: string } = {
  step: t('Step'),
  relative: t('Relative time'),
  wall: t('Wall time'),
};

const clock = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options);
const clockTime = clock({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clockMinute = clock({ hour: '2-digit', minute: '2-digit' });
const clockDay = clock({ day: 'numeric', month: 'short' });

/** A position in words: step 1,200, 3 min 05 s, 14:03:20. */
export function positionOn(axis: XAxis, x: number): string {
  if (axis === 'step') return t('step {0}', formatCount(x));
  return axis === 'relative' ? duration(x) : clockTime.format(1000 * x);
}

/** The visible range in words. */
export function rangeOn(axis: XAxis, [from, to]: readonly [number, number]): string {
  if (axis === 'step') return t('steps {0} to {1}', formatCount(Math.ceil(from)), formatCount(Math.floor(to)));
  return t('{0} to {1}', positionOn(axis, from), positionOn(axis, to));
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((each) => each * minute),
  ...[1, 2, 3, 6, 12].map((each) => each * hour),
  ...[1, 2, 7, 14].map((each) => each * day),
];

/** About `most` round positions in [low, high]. `zoneSeconds` is the offset of the local time zone from UTC. */
export function ticksOn(axis: XAxis, low: number, high: number, most: number, zoneSeconds = zoneOf(low)): number[] {
  if (axis === 'step') return linearTicks(low, high, most, true);
  const least = (high - low) / Math.max(1, most);
  const step = timeSteps.find((each) => each >= least);
  // Shorter than a second per tick, or longer than weeks.
  if (step === undefined || least < 0.5) return linearTicks(low, high, most);
  const offset = axis === 'wall' ? zoneSeconds : 0;
  const first = Math.ceil((low + offset) / step - 1e-9);
  const last = Math.floor((high + offset) / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step - offset);
}

/** The labels of ticks. Large steps are abbreviated: 25k. */
export function tickLabelsOn(axis: XAxis, ticks: readonly number[]): string[] {
  if (axis === 'step')
    return ticks.map((x) => (x >= 10_000 && x % 100 === 0 ? t('{0}k', round(x / 1000)) : formatCount(x)));
  const spacing = ticks.length > 1 ? ticks[1] - ticks[0] : 1;
  if (axis === 'wall')
    return ticks.map((x) => (spacing >= day ? clockDay : spacing >= minute ? clockMinute : clockTime).format(1000 * x));
  return ticks.map((x) => (spacing < 1 ? t('{0} s', round(x)) : shortDuration(x)));
}

/** Without trailing zeros: 45 s, 2:30 min, 3:00 h. */
function shortDuration(seconds: number): string {
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  if (seconds < minute) return t('{0} s', seconds);
  if (seconds < hour) return t('{0} min', `${Math.floor(seconds / minute)}:${twoDigits(seconds % minute)}`);
  return t('{0} h', `${formatCount(Math.floor(seconds / hour))}:${twoDigits(Math.floor((seconds % hour) / minute))}`);
}

const zoneOf = (seconds: number): number => -60 * new Date(1000 * seconds).getTimezoneOffset();
