// Renders the sample image of a step: a scatter plot with the critic's landscape and generator gradients, or a sample
// grid.
import type { Experiment } from '../experiment';
import { farthestPointSample } from '../run/images/gradientArrows';
import { renderSampleGrid } from '../run/images/sampleGrid';
import { landscapePoints, plotLimits } from '../run/images/axes';
import { renderPointPlot } from '../run/images/pointPlot';
import { renderScatterPlot } from '../run/images/scatterPlot';
import type { PngImage } from '../run/images/pngImage';
import { ARROWS, LANDSCAPE, PLOT_POINTS, type Session } from './session';
import { sizeOfShape } from '../shared/shape';

export type SampleRenderer = (samples: Float32Array) => Promise<PngImage>;

/** Renders a grid of real images for comparison; null for points, whose scatter plot shows real ones anyway. */
export async function renderRealSamples(
  { data }: Session,
  { seed, samples: { grid } }: Experiment,
): Promise<PngImage | null> {
  if (data.shape.length === 1) return null;
  const [rows, columns] = grid;
  const real = new Float32Array(rows * columns * sizeOfShape(data.shape));
  data.batch({ seed, stream: 'picture', step: 0 }, real);
  return renderSampleGrid(real, data.shape, rows, columns);
}

/** Returns a function that renders samples, [n, ...shape]. */
export function createSampleRenderer(
  { data, criticScores, sampleGradient }: Session,
  { seed, samples: { grid } }: Experiment,
): SampleRenderer {
  if (data.shape.length === 3) {
    const [rows, columns] = grid;
    return (samples) => renderSampleGrid(samples, data.shape, rows, columns);
  }
  const [dimensions] = data.shape;
  const real = new Float32Array(PLOT_POINTS * dimensions);
  data.batch({ seed, stream: 'picture', step: 0 }, real);
  if (!criticScores)
    return (samples) => renderPointPlot(real, samples.subarray(0, dimensions * PLOT_POINTS), dimensions);
  const limits = plotLimits(real);
  const landscapeGrid = landscapePoints(limits, LANDSCAPE);
  return async (samples) => {
    const { scores } = await criticScores.run({ x: landscapeGrid });
    const landscape = { values: scores.slice(), resolution: LANDSCAPE };
    const generated = samples.subarray(0, 2 * PLOT_POINTS);
    const points = farthestPointSample(generated, limits, ARROWS);
    const arrows = sampleGradient
      ? { points, gradient: (await sampleGradient.run({ x: points })).generatorGradient.slice() }
      : undefined;
    return renderScatterPlot(real, generated, { limits, landscape, arrows });
  };
}
