// The linter: no warning for the settings of the papers, and one just beyond each bound.
import { describe, expect, test } from 'vitest';
import { presets, type PresetEntry } from '../../catalog';
import { lintExperiment, parseExperiment, rules } from '../index';

const codes = (file: object) => {
  const parsed = parseExperiment(JSON.stringify(file), 'a.gan.json');
  expect(parsed.problems).toEqual([]);
  return lintExperiment(parsed).map(({ code }) => code);
};
const ring = { data: { source: 'gaussians-ring' } };
const digits = { data: { source: 'digits' } };
const clipped = (c: number, depth: number, width: number) => ({
  ...ring,
  constraint: { kind: 'clip', c },
  critic: { network: 'mlp', depth, width },
});
const penalized = (lambda: number) => ({ ...ring, constraint: { kind: 'gradient-penalty', lambda } });
const rateOf = (kind: string, learningRate: number) => ({ ...ring, optimizer: { kind, learningRate } });
const rate = (learningRate: number) => rateOf('adam', learningRate);
const elu = { network: 'mlp', activation: 'elu' };
const smooth = { network: 'mlp', activation: 'smooth-elu' };
const gan = { ...ring, preset: 'gan' };
const smoothed = (objective: string) => ({ ...ring, objective, stabilization: { labelSmoothing: 0.1 } });
const penalties = (pull: object) => ({ ...ring, constraint: ['r1', { kind: 'gradient-penalty', ...pull }] });
const spectral = { ...ring, constraint: ['spectral-norm', 'clip'] };
const targets = (a: number, b: number, c: number) => ({ ...ring, objective: { kind: 'lsgan', a, b, c } });
const averaged = (steps: number) => ({ ...ring, stabilization: { ema: 0.999 }, steps });
const until = (window: number, max: number) => ({ ...ring, criticSteps: { untilOptimal: { window, max } } });
const sgd = (momentum: number) => ({
  ...ring,
  constraint: 'clip',
  optimizer: { kind: 'sgd', learningRate: 1e-3, momentum },
});

describe('the linter is silent', () => {
  test.each(Object.entries<PresetEntry>(presets))('on the preset %s, on its data or on images', (preset, { data }) => {
    expect(codes({ ...(data ? { data: { source: data } } : digits), preset })).toEqual([]);
  });

  test.each([
    ['the toys of the WGAN-GP code', { ...penalized(0.1), batchSize: 256 }],
    ['a penalty on any objective', { ...digits, objective: 'non-saturating', constraint: 'gradient-penalty' }],
    [
      'batch normalization in a clipped critic',
      { ...digits, constraint: 'clip', critic: { network: 'dcgan', normalization: 'batch' } },
    ],
    ['batch normalization in a generator', { ...digits, generator: { network: 'dcgan', normalization: 'batch' } }],
    [
      'momentum on the generator alone',
      {
        ...ring,
        constraint: 'clip',
        optimizer: { generator: { kind: 'adam', beta1: 0.5 }, critic: { kind: 'rmsprop' } },
      },
    ],
    ['metrics of features with their network', { ...digits, metrics: ['fid'], evaluation: { features: 'a.onnx' } }],
    ['classes of few samples', { ...digits, metrics: ['classes'], evaluation: { samples: 1 } }],
    ['the best checkpoint by one of two numbers', { ...ring, checkpoints: { best: 'highQuality' } }],
    ['Adam without momentum on a clipped critic', { ...ring, constraint: 'clip', optimizer: { kind: 'adam' } }],
    [
      'the last sample, which is never held out',
      { data: { source: 'digits', samples: 1, validation: 0.9 }, batchSize: 1 },
    ],
    ['one critic step of the original game', { ...ring, preset: 'gan' }],
    ['an mlp on images', { ...digits, generator: { network: 'mlp' }, critic: { network: 'mlp' } }],
    ['networks of the user', { ...ring, generator: { module: './g.ts' }, critic: { module: './c.ts' } }],
    ['the four layers of 512 units of the WGAN paper', clipped(0.01, 4, 512)],
    ['images of the user, whose number is not known', { data: { source: 'images', path: 'p' }, batchSize: 4096 }],
  ])('on %s', (_, file) => {
    expect(codes(file)).toEqual([]);
  });
});

describe('the linter warns only beyond the bound of', () => {
  test.each([
    ['penalty-weight', penalized(0.1), penalized(0.099)],
    ['penalty-weight', penalized(100), penalized(101)],
    ['learning-rate', rate(0.00099), rate(0.001)],
    ['learning-rate', rateOf('rmsprop', 0.00049), rateOf('rmsprop', 0.0005)],
    ['elu-under-penalty', { ...ring, critic: smooth }, { ...ring, critic: { ...smooth, activation: 'elu' } }],
    ['elu-under-penalty', { ...ring, constraint: 'clip', critic: elu }, { ...ring, critic: elu }],
    ['smoothing-without-labels', smoothed('lsgan'), smoothed('hinge')],
    ['penalties-disagree', penalties({ target: 0 }), penalties({ target: 1 })],
    ['penalties-disagree', penalties({ sides: 'one' }), penalties({ sides: 'two' })],
    ['unconstrained-wasserstein', { ...ring, constraint: 'spectral-norm' }, { ...ring, constraint: 'r1' }],
    ['spectral-norm-undone', { ...spectral, constraint: 'spectral-norm' }, spectral],
    ['least-squares-targets', targets(0, 1, 1), targets(0, 1, 0)],
    ['least-squares-targets', targets(-1, 1, 0), targets(-1, -1, 0)],
    ['optimal-discriminator', { ...gan, criticSteps: 20 }, { ...gan, criticSteps: 21 }],
    ['optimal-discriminator', { ...gan, constraint: 'r1', criticSteps: 'authors' }, { ...gan, criticSteps: 'authors' }],
    ['optimum-out-of-reach', until(10, 21), until(10, 20)],
    ['average-outlasts-run', averaged(2995), averaged(2994)],
    ['momentum-on-clipped-critic', sgd(0), sgd(0.1)],
    ['latent-too-small', { data: { source: 'vertical-line' }, latent: { size: 1 } }, { ...ring, latent: { size: 1 } }],
    ['critic-steps', { ...ring, criticSteps: 2 }, { ...ring, criticSteps: 1 }],
    [
      'latent-too-small',
      { data: { source: 'points', path: 'p.csv', columns: [1, 2, 3] }, latent: { size: 3 } },
      { data: { source: 'points', path: 'p.csv', columns: ['a', 'b', 'c'] }, latent: { size: 2 } },
    ],
    ['latent-too-small', { ...ring, latent: { size: 2 } }, { ...ring, latent: { size: 1 } }],
    ['clip-box', clipped(0.01, 4, 128), clipped(0.01, 5, 128)],
    ['clip-box', clipped(0.1, 10, 512), clipped(0.1, 12, 512)],
    ['validation-split', { data: { source: 'digits', samples: 2001 } }, { data: { source: 'digits', samples: 2000 } }],
    [
      'batch-fits-data',
      { data: { source: 'digits', samples: 10, validation: 0.2 }, batchSize: 8 },
      { data: { source: 'digits', samples: 10, validation: 0.2 }, batchSize: 9 },
    ],
    [
      'noise-outlasts-run',
      { ...ring, steps: 100, stabilization: { instanceNoise: { steps: 100 } } },
      { ...ring, steps: 100, stabilization: { instanceNoise: { steps: 101 } } },
    ],
  ])('%s', (code, within, past) => {
    expect(codes(within)).not.toContain(code);
    expect(codes(past)).toContain(code);
  });
});

test('every rule gives its reason in a sentence', () => {
  for (const [id, { why }] of Object.entries(rules)) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(why).toMatch(/^[A-Z].*[^.]\.$/);
    expect(why).not.toMatch(/—|–/);
  }
});
