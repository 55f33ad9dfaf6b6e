// How many modes the data of an experiment have, to say "7 of 8".
import { type Data } from '../catalog';

/** The modes of a mixture; undefined for data that are none. */
export function modesOf(data: Data): number | undefined {
  if (data.source === 'gaussians-ring') return data.modes;
  if (data.source === 'gaussians-grid') return data.side ** 2;
  return undefined;
}
