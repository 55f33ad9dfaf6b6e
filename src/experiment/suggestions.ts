// "Did you mean ...?": the known word that is nearest to an unknown one.

/** Names that papers and other programs use for our settings. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  ncritic: ['criticSteps'],
  dsteps: ['criticSteps'],
  discriminator: ['critic'],
  lr: ['learningRate'],
  alpha: ['learningRate', 'slope'],
  epochs: ['steps'],
  iterations: ['steps'],
  loss: ['objective'],
  dataset: ['data'],
  type: ['kind', 'network', 'source'],
  kind: ['network', 'source'],
  name: ['kind', 'network', 'source'],
  norm: ['normalization'],
  layers: ['depth'],
  lrelu: ['leaky-relu'],
  units: ['width'],
  channels: ['filters'],
  weightclipping: ['clip'],
  gp: ['gradient-penalty', 'wgan-gp'],
  gan: ['non-saturating'],
  ns: ['non-saturating'],
  vanilla: ['non-saturating', 'minimax'],
  leastsquares: ['lsgan'],
  kullbackleibler: ['kl'],
  jensenshannon: ['js'],
  hellinger: ['squared-hellinger'],
  tv: ['total-variation'],
  chi2: ['pearson'],
  sn: ['spectral-norm'],
  spectral: ['spectral-norm'],
  spectralnormalization: ['spectral-norm'],
  momentum: ['beta1'],
  beta1: ['momentum'],
  decay: ['rate', 'weightDecay'],
  wasserstein: ['wgan'],
  folder: ['path'],
  lambda: ['gamma'],
  clip: ['c'],
  clipvalue: ['c'],
  clipping: ['c'],
  nz: ['size'],
  zdim: ['size'],
  latentdim: ['size'],
  noisedim: ['size'],
};

const normalized = (word: string) => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** The known word that was probably meant: the same letters, a common alias, or a few typing errors away. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const given = normalized(word);
  const same = known.find((other) => normalized(other) === given);
  if (same !== undefined) return same;
  const alias = Object.hasOwn(aliases, given) ? aliases[given].find((other) => known.includes(other)) : undefined;
  if (alias !== undefined) return alias;
  const allowed = Math.min(3, Math.floor(given.length / 3) + (given.length > 1 ? 1 : 0));
  const [best] = known
    .map((other) => ({ other, distance: distance(given.slice(0, 64), normalized(other)) }))
    .sort((a, b) => a.distance - b.distance);
  // At least half of the letters must be right.
  return best !== undefined && best.distance <= Math.min(allowed, normalized(best.other).length / 2)
    ? best.other
    : undefined;
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of adjacent letters. */
function distance(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replace = d[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      d[i][j] = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1, replace);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.length][b.length];
}
