// The view state of the distances page: the two distributions and the noise.
import { cell, type LineKind, lineKinds } from '../../src/math/lineDistributions';
import { savedFields } from '../savedFields';

export interface Placed {
  readonly kind: LineKind;
  readonly position: number;
  readonly width: number;
}

export interface DistancesState {
  readonly p: Placed;
  readonly q: Placed;
  /** Standard deviation of the noise on both. */
  readonly noise: number;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export const bounds = {
  position: { min: -4, max: 4 },
  width: { min: 0.2, max: 1.5 },
  noise: { min: 0, max: 1 },
} as const satisfies Record<string, Bounds>;

/** In whole cells, within its bounds; never −0. */
export const snapped = (value: number, { min, max }: Bounds): number =>
  Math.round(Math.min(max, Math.max(min, value)) / cell) / Math.round(1 / cell) + 0;

export const defaultDistancesState: DistancesState = {
  p: { kind: 'uniform', position: -1, width: 0.5 },
  q: { kind: 'uniform', position: 1, width: 0.5 },
  noise: 0,
};

/** The saved state, with defaults for what is not valid. */
export function restoreDistancesState(value: unknown): DistancesState {
  const saved = savedFields<DistancesState>(value);
  return {
    p: restorePlaced(saved.p, defaultDistancesState.p),
    q: restorePlaced(saved.q, defaultDistancesState.q),
    noise: restoreNumber(saved.noise, bounds.noise, defaultDistancesState.noise),
  };
}

function restorePlaced(value: unknown, defaults: Placed): Placed {
  const { kind, position, width } = savedFields<Placed>(value);
  return {
    kind: lineKinds.find((each) => each === kind) ?? defaults.kind,
    position: restoreNumber(position, bounds.position, defaults.position),
    width: restoreNumber(width, bounds.width, defaults.width),
  };
}

const restoreNumber = (value: unknown, range: Bounds, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? snapped(value, range) : otherwise;
