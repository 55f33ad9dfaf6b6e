// Counter-based random numbers (Threefry-2x32-20): every value is a function of its key alone, so any step can be drawn
// again.
//
// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (the Random123 library).
// The Threefry key is (seed, stream) hashed to 64 bits by Threefry itself; its counter is (block, step).

/** Determines the numbers. Keys that differ in any of the three give independent numbers. */
export interface Key {
  /** Any safe integer. */
  readonly seed: number;
  /** What the numbers are for ("latent", "data", ...). */
  readonly stream: string;
  /** An integer in [0, 2^32): the step, epoch or index that the numbers belong to. */
  readonly step: number;
}

/** The key of a part of the stream: its numbers are independent of those of `key`. */
export const substream = (key: Key, part: string): Key => ({ ...key, stream: `${key.stream}/${part}` });

/** Fills `out` with uniform numbers in [0, 1), multiples of 2^-24. */
export function fillUniform(out: Float32Array, key: Key): void {
  const k = schedule(key);
  const n = out.length;
  for (let i = 0; i < n; i += 2) {
    threefry(k, i >>> 1, key.step, word);
    out[i] = (word[0] >>> 8) * 2 ** -24;
    out[i + 1] = (word[1] >>> 8) * 2 ** -24; // typed arrays ignore the store beyond the end of an odd length
  }
}

/**
 * Fills `out` with N(mean, deviation²) by the Box-Muller transform, computed in double precision and rounded; finite
 * for finite arguments (|z| < 6.8).
 */
export function fillNormal(out: Float32Array, key: Key, mean = 0, deviation = 1): void {
  const k = schedule(key);
  const n = out.length;
  for (let i = 0; i < n; i += 2) {
    threefry(k, i >>> 1, key.step, word);
    const r = deviation * Math.sqrt(-2 * Math.log((word[0] + 0.5) * 2 ** -32)); // r = σ √(−2 ln u₁), u₁ in (0, 1)
    const θ = 2 * Math.PI * (word[1] * 2 ** -32); // θ = 2π u₂
    out[i] = mean + r * Math.cos(θ);
    out[i + 1] = mean + r * Math.sin(θ);
  }
}

/** Fills `out` with integers in [0, below), each equally likely; `below` is an integer in [1, 2^32]. */
export function fillIntegers(out: Uint32Array, below: number, key: Key): void {
  assert(Number.isInteger(below) && below >= 1 && below <= 2 ** 32, () => `fillIntegers: below is ${below}`);
  const next = words(key);
  for (let i = 0; i < out.length; i++) out[i] = integer(below, next);
}

/** The numbers 0 … n−1 in random order, every order equally likely (Fisher-Yates shuffle). */
export function permutation(n: number, key: Key): Uint32Array {
  const p = new Uint32Array(n);
  for (let i = 0; i < n; i++) p[i] = i;
  const next = words(key);
  for (let i = n - 1; i > 0; i--) {
    const j = integer(i + 1, next);
    const kept = p[i];
    p[i] = p[j];
    p[j] = kept;
  }
  return p;
}

/** A function that returns a uniform number in [0, 1), a multiple of 2^-53, per call. */
export function generator(key: Key): () => number {
  const next = words(key);
  return () => {
    const high = next() >>> 5;
    return (high * 2 ** 26 + (next() >>> 6)) * 2 ** -53;
  };
}

/** The three words of a Threefry-2x32 key schedule: the key, and its parity with Skein's constant. */
type Schedule = readonly [k0: number, k1: number, k2: number];

const schedules = (k0: number, k1: number): Schedule => [k0, k1, k0 ^ k1 ^ 0x1bd11bda];

/** Receives the two words of a block; callers read them immediately. */
const word = new Uint32Array(2);

/** Cached key schedules of the last seed: a run needs those of a few streams at every update. */
const cache = { seed: NaN, schedules: new Map<string, Schedule>() };
const MAX_CACHED = 64;

/** The key schedule of (seed, stream). Throws if `step` is out of range. */
function schedule({ seed, stream, step }: Key): Schedule {
  assert(
    Number.isInteger(step) && step >= 0 && step < 2 ** 32,
    () => `a random key's step is ${step}, outside [0, 2^32)`,
  );
  if (cache.seed !== seed || cache.schedules.size > MAX_CACHED) cache.schedules.clear();
  cache.seed = seed;
  let k = cache.schedules.get(stream);
  if (k === undefined) cache.schedules.set(stream, (k = scheduleOf(seed, stream)));
  return k;
}

/** The seed is the first key; the block of each character gives the next one. */
function scheduleOf(seed: number, stream: string): Schedule {
  assert(Number.isSafeInteger(seed), () => `a random key's seed is ${seed}, not a safe integer`);
  let k = schedules(seed | 0, Math.floor(seed / 2 ** 32) | 0);
  for (let i = 0; i <= stream.length; i++) {
    // The end has a symbol too, so that no name is a prefix of another.
    const symbol = i < stream.length ? stream.charCodeAt(i) : 0xffffffff;
    threefry(k, symbol, i, word);
    k = schedules(word[0] | 0, word[1] | 0);
  }
  return k;
}

/** A function that returns the words of a key one by one. */
function words(key: Key): () => number {
  const k = schedule(key);
  let block = 0;
  let spare = -1;
  return () => {
    if (spare >= 0) {
      const value = spare;
      spare = -1;
      return value;
    }
    threefry(k, block++, key.step, word);
    spare = word[1];
    return word[0];
  };
}

/** An integer in [0, below) from uniform words: words in the incomplete last multiple of `below` are rejected. */
function integer(below: number, next: () => number): number {
  for (;;) {
    const w = next();
    const r = w - Math.floor(w / below) * below; // w mod below, exact in doubles and faster than %
    if (w - r <= 2 ** 32 - below) return r;
  }
}

/**
 * One block: twenty rounds (x₀ += x₁, x₁ = (x₁ ⋘ R) ⊕ x₀), a key injected after every fourth.
 * @internal Exported for the known answers of Random123.
 */
export function threefry([k0, k1, k2]: Schedule, c0: number, c1: number, out: Uint32Array): void {
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 1) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + k2) | 0;
  x1 = (x1 + k0 + 2) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k0) | 0;
  x1 = (x1 + k1 + 3) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
  x0 = (x0 + k1) | 0;
  x1 = (x1 + k2 + 4) | 0;

  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
  x0 = (x0 + x1) | 0;
  x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
  x0 = (x0 + k2) | 0;
  x1 = (x1 + k0 + 5) | 0;

  out[0] = x0;
  out[1] = x1;
}

function assert(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new Error(message());
}
