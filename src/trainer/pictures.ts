// The picture of a step: generated points over the critic's landscape, or a grid of generated images.
import type { Experiment } from '../experiment';
import { gridPng, landscapePoints, plotLimits, scatterPng, type Picture } from '../run/pictures';
import { LANDSCAPE, PICTURE_POINTS, type Session } from './session';

export type Draw = (samples: Float32Array) => Promise<Picture>;

/** A grid of real images, as large as the samples', to be laid beside them; null where their picture shows real points itself. */
export async function drawReal(
  { data, score }: Session,
  { seed, samples: { grid } }: Experiment,
): Promise<Picture | null> {
  if (score) return null;
  const [rows, columns] = grid;
  const real = new Float32Array(rows * columns * data.shape.reduce((a, b) => a * b));
  data.batch({ seed, stream: 'picture', step: 0 }, real);
  return gridPng(real, data.shape, rows, columns);
}

/** Makes the function that draws samples, [n, ...shape]. */
export function drawing({ data, score }: Session, { seed, samples: { grid } }: Experiment): Draw {
  if (!score) {
    const [rows, columns] = grid;
    return (samples) => gridPng(samples, data.shape, rows, columns);
  }
  const real = new Float32Array(PICTURE_POINTS * 2);
  data.batch({ seed, stream: 'picture', step: 0 }, real);
  const limits = plotLimits(real);
  const points = landscapePoints(limits, LANDSCAPE);
  return async (samples) => {
    const { scores } = await score.run({ x: points });
    const landscape = { values: scores.slice(), resolution: LANDSCAPE };
    return scatterPng(real, samples.subarray(0, 2 * PICTURE_POINTS), { limits, landscape });
  };
}
