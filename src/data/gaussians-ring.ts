// Gaussians with centres on a circle: the eight of gan_toy.py in Gulrajani et al.'s code (github.com/igul222/improved_wgan_training).
import type { Data } from '../catalog';
import type { Distribution } from './distribution';
import { gaussians } from './mixture';

/** Centres at `radius` and angles 2πm/modes, noise N(0, sigma²), all times `scale`. */
export function gaussiansRing({ modes, radius, sigma, scale }: Data<'gaussians-ring'>): Distribution {
  const centres = new Float32Array(2 * modes);
  for (let m = 0; m < modes; m++) {
    centres[2 * m] = scale * radius * Math.cos((2 * Math.PI * m) / modes);
    centres[2 * m + 1] = scale * radius * Math.sin((2 * Math.PI * m) / modes);
  }
  return gaussians(`${modes} Gaussians on a ring`, centres, scale * sigma);
}
