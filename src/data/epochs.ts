// Which samples of a finite data set a batch holds: the split, and the endless sequence of shuffled epochs.
import { permutation, substream, type Key } from '../math/random';

/** The two parts of a finite data set, as ascending indices. */
export interface Split {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
}

/**
 * Holds a share of `n` samples out, chosen by a permutation under (seed, 'split'): round(n · share) of them, but at least
 * one where the share is not zero, and never the last sample for training.
 */
export function split(n: number, share: number, seed: number): Split {
  const wanted = share > 0 ? Math.max(1, Math.round(n * share)) : 0;
  const held = Math.min(wanted, n - 1);
  const order = permutation(n, { seed, stream: 'split', step: 0 });
  return { training: order.slice(held).sort(), validation: order.slice(0, held).sort() };
}

/**
 * The batches of a set of samples: batch number `key.step` of size B covers the positions [step·B, (step+1)·B) of the
 * endless sequence of epochs, each of which holds every sample once, in an order by (seed, stream, epoch). The answer is
 * one array, filled anew at each call.
 */
export function epochs(samples: Uint32Array): (key: Key, batch: number) => Uint32Array {
  const n = samples.length;
  let indices = new Uint32Array(0);
  const recent: { readonly key: Key; readonly order: Uint32Array }[] = [];

  /** The order of one epoch; the few last used are kept, since a batch may touch two and several streams take turns. */
  const orderOf = ({ seed, stream }: Key, epoch: number): Uint32Array => {
    const at = recent.findIndex(({ key }) => key.step === epoch && key.stream === stream && key.seed === seed);
    const key = { seed, stream, step: epoch };
    const entry = at < 0 ? { key, order: permutation(n, substream(key, 'shuffle')) } : recent.splice(at, 1)[0];
    recent.unshift(entry);
    recent.length = Math.min(recent.length, 4);
    return entry.order;
  };

  return (key, batch) => {
    if (n === 0) throw new Error(`a batch was asked of an empty set of samples (stream "${key.stream}")`);
    if (indices.length !== batch) indices = new Uint32Array(batch);
    let position = key.step * batch;
    for (let i = 0; i < batch; ) {
      const epoch = Math.floor(position / n);
      const order = orderOf(key, epoch);
      const start = position - epoch * n;
      const count = Math.min(batch - i, n - start);
      for (let k = 0; k < count; k++) indices[i + k] = samples[order[start + k]];
      i += count;
      position += count;
    }
    return indices;
  };
}
