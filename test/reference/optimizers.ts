// The optimizers as defined in their papers, on plain float64 arrays.

export interface Adam {
  readonly kind: 'adam';
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export interface RmsProp {
  readonly kind: 'rmsprop';
  readonly learningRate: number;
  readonly rho: number;
  readonly epsilon: number;
}

export interface Sgd {
  readonly kind: 'sgd';
  readonly learningRate: number;
  readonly momentum: number;
}

export type ReferenceOptimizer = Adam | RmsProp | Sgd;

/** Weight decay: δw in the gradient, or αδw separate from the update. */
export interface ReferenceDecay {
  readonly rate: number;
  readonly coupling: 'coupled' | 'decoupled';
}

/** The weights of one network, with the first and second moments of its optimizer (RMSProp does not use m). */
export interface Moving {
  readonly w: readonly Float64Array[];
  readonly m: readonly Float64Array[];
  readonly v: readonly Float64Array[];
  /** Number of updates. */
  readonly t: number;
}

/** The state before the first update: moments zero. */
export function atRest(w: readonly ArrayLike<number>[]): Moving {
  const zeros = () => w.map(({ length }) => new Float64Array(length));
  return { w: w.map((data) => Float64Array.from(data)), m: zeros(), v: zeros(), t: 0 };
}

/**
 * One update by the gradients `g`, in the order of the weights; `decay` is coupled, δw in the gradient, or decoupled as
 * in PyTorch's AdamW, αδw.
 */
export function update(
  optimizer: ReferenceOptimizer,
  state: Moving,
  g: readonly Float64Array[],
  decay?: ReferenceDecay,
): Moving {
  const rule = rules[optimizer.kind] as (
    optimizer: ReferenceOptimizer,
    state: Moving,
    g: readonly Float64Array[],
  ) => Moving;
  if (!decay) return rule(optimizer, state, g);
  const { rate } = decay;
  if (decay.coupling === 'coupled') {
    const pulled = g.map((g, k) => g.map((g, i) => g + rate * state.w[k][i]));
    return rule(optimizer, state, pulled);
  }
  const moved = rule(optimizer, state, g);
  const share = optimizer.learningRate * rate;
  return { ...moved, w: moved.w.map((w, k) => w.map((w, i) => w - share * state.w[k][i])) };
}

/** Kingma, Ba 2015, Adam, Algorithm 1. */
function adam({ learningRate, beta1, beta2, epsilon }: Adam, state: Moving, g: readonly Float64Array[]): Moving {
  const t = state.t + 1;
  const m = state.m.map((m, k) => m.map((m, i) => beta1 * m + (1 - beta1) * g[k][i]));
  const v = state.v.map((v, k) => v.map((v, i) => beta2 * v + (1 - beta2) * g[k][i] ** 2));
  const w = state.w.map((w, k) =>
    w.map((w, i) => {
      const mHat = m[k][i] / (1 - beta1 ** t);
      const vHat = v[k][i] / (1 - beta2 ** t);
      return w - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon); // w ← w - α·m^/(√v^ + ε)
    }),
  );
  return { w, m, v, t };
}

/** Tieleman, Hinton 2012, lecture 6.5, with ε outside the root as in the code of Arjovsky et al. 2017. */
function rmsProp({ learningRate, rho, epsilon }: RmsProp, state: Moving, g: readonly Float64Array[]): Moving {
  const v = state.v.map((v, k) => v.map((v, i) => rho * v + (1 - rho) * g[k][i] ** 2));
  const w = state.w.map(
    (w, k) => w.map((w, i) => w - (learningRate * g[k][i]) / (Math.sqrt(v[k][i]) + epsilon)), // w ← w - α·g/(√v + ε)
  );
  return { w, m: state.m, v, t: state.t + 1 };
}

/** Polyak 1964, as in PyTorch: m ← μm + g, w ← w - αm. */
function sgd({ learningRate, momentum }: Sgd, state: Moving, g: readonly Float64Array[]): Moving {
  const m = state.m.map((m, k) => m.map((m, i) => momentum * m + g[k][i]));
  const w = state.w.map((w, k) => w.map((w, i) => w - learningRate * m[k][i]));
  return { w, m, v: state.v, t: state.t + 1 };
}

const rules = { adam, rmsprop: rmsProp, sgd };
