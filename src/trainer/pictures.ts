// The picture of a step: generated points over the critic's landscape and its pull on some of them, or a grid of generated images.
import type { Experiment } from '../experiment';
import { evenlyChosen, gridPng, landscapePoints, plotLimits, scatterPng, type Picture } from '../run/pictures';
import { ARROWS, LANDSCAPE, PICTURE_POINTS, type Session } from './session';
import { sizeOfShape } from '../shared/shape';

export type Draw = (samples: Float32Array) => Promise<Picture>;

/** A grid of real images, as large as the samples', to be laid beside them; null where their picture shows real points itself. */
export async function drawReal(
  { data, score }: Session,
  { seed, samples: { grid } }: Experiment,
): Promise<Picture | null> {
  if (score) return null;
  const [rows, columns] = grid;
  const real = new Float32Array(rows * columns * sizeOfShape(data.shape));
  data.batch({ seed, stream: 'picture', step: 0 }, real);
  return gridPng(real, data.shape, rows, columns);
}

/** Makes the function that draws samples, [n, ...shape]. */
export function drawing({ data, score, pull }: Session, { seed, samples: { grid } }: Experiment): Draw {
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
    const generated = samples.subarray(0, 2 * PICTURE_POINTS);
    const at = evenlyChosen(generated, limits, ARROWS);
    const arrows = pull ? { at, pull: (await pull.run({ x: at })).pull.slice() } : undefined;
    return scatterPng(real, generated, { limits, landscape, arrows });
  };
}
