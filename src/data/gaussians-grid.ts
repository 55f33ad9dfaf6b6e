// Gaussians with centres on a square grid: the twenty-five of gan_toy.py in Gulrajani et al.'s code (github.com/igul222/improved_wgan_training).
import type { Data } from '../catalog';
import type { Distribution } from './distribution';
import { gaussians } from './mixture';

/** Centres `spacing` apart on a `side` by `side` grid around the origin, noise N(0, sigma²), all times `scale`. */
export function gaussiansGrid({ side, spacing, sigma, scale }: Data<'gaussians-grid'>): Distribution {
  const modes = side * side;
  const centres = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centres[2 * m] = scale * spacing * (Math.floor(m / side) - (side - 1) / 2);
    centres[2 * m + 1] = scale * spacing * ((m % side) - (side - 1) / 2);
  }
  return gaussians(`${modes} Gaussians on a grid`, centres, scale * sigma);
}
