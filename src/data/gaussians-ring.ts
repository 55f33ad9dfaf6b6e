// Gaussians with centres on a circle: the eight of gan_toy.py in Gulrajani et al.'s code (github.com/igul222/improved_wgan_training).
import type { Data } from '../catalog';
import type { DataContext } from './context';
import { gaussians } from './mixture';
import { openPoints } from './points';
import type { DataSource } from './source';

/** Centres at `radius` and angles 2πm/modes, noise N(0, sigma²), all times `scale`. */
export async function openGaussiansRing(data: Data<'gaussians-ring'>, context: DataContext): Promise<DataSource> {
  const { modes, radius, sigma, scale } = data;
  const centres = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centres[2 * m] = scale * radius * Math.cos((2 * Math.PI * m) / modes);
    centres[2 * m + 1] = scale * radius * Math.sin((2 * Math.PI * m) / modes);
  }
  return openPoints(gaussians(`${modes} Gaussians on a ring`, centres, scale * sigma), data, context);
}
