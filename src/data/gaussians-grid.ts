// Gaussians with centres on a square grid: the twenty-five of gan_toy.py in Gulrajani et al.'s code (github.com/igul222/improved_wgan_training).
import type { Data } from '../catalog';
import type { DataContext } from './context';
import { gaussians } from './mixture';
import { openPoints } from './points';
import type { DataSource } from './source';

/** Centres `spacing` apart on a `side` by `side` grid around the origin, noise N(0, sigma²), all times `scale`. */
export async function openGaussiansGrid(data: Data<'gaussians-grid'>, context: DataContext): Promise<DataSource> {
  const { side, spacing, sigma, scale } = data;
  const modes = side * side;
  const centres = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centres[2 * m] = scale * spacing * (Math.floor(m / side) - (side - 1) / 2);
    centres[2 * m + 1] = scale * spacing * ((m % side) - (side - 1) / 2);
  }
  return openPoints(gaussians(`${modes} Gaussians on a grid`, centres, scale * sigma), data, context);
}
