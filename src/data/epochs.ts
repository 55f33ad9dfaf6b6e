// The samples of a batch of a finite data set: the split into training and validation, and the sequence of shuffled
// epochs.
import { permutation, substream, type Key } from '../math/random';

/** The two parts of a finite data set, as ascending indices. */
interface Split {
  readonly training: Uint32Array;
  readonly validation: Uint32Array;
}

/**
 * Holds out round(n · share) of `n` samples, chosen by a permutation of (seed, 'split'): at least one if the share is
 * not zero, and never all of them.
 */
export function split(n: number, share: number, seed: number): Split {
  const target = share > 0 ? Math.max(1, Math.round(n * share)) : 0;
  const held = Math.min(target, n - 1);
  const order = permutation(n, { seed, stream: 'split', step: 0 });
  return { training: order.slice(held).sort(), validation: order.slice(0, held).sort() };
}

/** `split` in which every copy is in the part of its first sample, which `copyOf` gives for each sample. */
export function splitWithCopies(n: number, share: number, seed: number, copyOf?: Uint32Array): Split {
  const parts = split(n, share, seed);
  if (!copyOf || parts.validation.length === 0) return parts;
  const held = new Set(parts.validation);
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  const together = {
    training: all.filter((i) => !held.has(copyOf[i])),
    validation: all.filter((i) => held.has(copyOf[i])),
  };
  return together.training.length > 0 && together.validation.length > 0 ? together : parts;
}

/**
 * The batches of a set of samples: batch number `key.step` of size B covers the positions [step·B, (step+1)·B) of an
 * endless sequence of epochs, each of which contains every sample once, in an order given by (seed, stream, epoch). All
 * calls return the same array with new content.
 */
export function epochs(samples: Uint32Array): (key: Key, batch: number) => Uint32Array {
  const n = samples.length;
  let indices = new Uint32Array(0);
  const recent: { readonly key: Key; readonly order: Uint32Array }[] = [];

  /** The order of an epoch. The last few are kept: a batch may span two epochs, and several streams may alternate. */
  const orderOf = ({ seed, stream }: Key, epoch: number): Uint32Array => {
    const at = recent.findIndex(({ key }) => key.step === epoch && key.stream === stream && key.seed === seed);
    const key = { seed, stream, step: epoch };
    const entry = at < 0 ? { key, order: permutation(n, substream(key, 'shuffle')) } : recent.splice(at, 1)[0];
    recent.unshift(entry);
    recent.length = Math.min(recent.length, 4);
    return entry.order;
  };

  return (key, batch) => {
    if (n === 0) throw new Error(`a batch was requested from an empty set of samples (stream "${key.stream}")`);
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
