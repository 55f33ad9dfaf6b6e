// Overrides: how command-line settings are merged into the file, and how their problems are reported.
import { describe, expect, test } from 'vitest';
import { formatProblem, lintExperiment, parseExperiment, setOverride, shortOverride } from './index';

const parse = (file: object, ...settings: string[]) =>
  parseExperiment(JSON.stringify(file), 'a.gan.json', settings.map(setOverride));
const ring = { data: { source: 'gaussians-ring' } };
const resolved = (file: object, ...settings: string[]) => {
  const { experiment, problems } = parse(file, ...settings);
  expect(problems.map(formatProblem)).toEqual([]);
  return experiment!;
};
const messages = (file: object, ...settings: string[]) => parse(file, ...settings).problems.map(formatProblem);

describe('override values', () => {
  test('are parsed as JSON if possible, otherwise taken as text', () => {
    expect(resolved(ring, 'steps=1e3').steps).toBe(1000);
    expect(resolved(ring, 'name=two words = one').name).toBe('two words = one');
    expect(resolved(ring, 'name="7"').name).toBe('7');
    expect(resolved(ring, 'constraint=null', 'objective=non-saturating').constraint).toEqual([]);
    expect(resolved(ring, 'latent={"size":5}').latent.size).toBe(5);
    expect(resolved(ring, 'threads=2', 'device=cpu')).toMatchObject({ threads: 2, device: 'cpu' });
  });

  test('replace earlier ones of the same path and leave other settings alone', () => {
    const experiment = resolved(
      { ...ring, seed: 3, critic: { network: 'mlp', depth: 2 } },
      'seed=4',
      'critic.width=9',
      'seed=5',
    );
    expect(experiment).toMatchObject({ seed: 5, critic: { depth: 2, width: 9 } });
  });

  test('may be set by --seed, --steps and --device with the same result', () => {
    const options = [shortOverride('seed', '7'), shortOverride('steps', '10'), shortOverride('device', 'cpu')];
    const { experiment } = parseExperiment(JSON.stringify(ring), 'a', options);
    expect(experiment).toMatchObject({ seed: 7, steps: 10, device: 'cpu' });
    const { problems } = parseExperiment(JSON.stringify(ring), 'a', [shortOverride('steps', 'ten')]);
    expect(problems.map(formatProblem)).toEqual([
      '--steps ten: error: steps must be a whole number from 1 to 100,000,000, got "ten" (for example 2000). [wrong-value]',
    ]);
  });
});

describe('settings of an object that the file omits', () => {
  test('are added to those of the preset or the defaults', () => {
    expect(resolved(ring, 'critic.width=64').critic).toMatchObject({ network: 'mlp', depth: 3, width: 64 });
    expect(resolved(ring, 'constraint.lambda=0.1').constraint).toMatchObject([
      { kind: 'gradient-penalty', lambda: 0.1 },
    ]);
    expect(resolved({ ...ring, preset: 'wgan' }, 'constraint.c=0.1').constraint).toEqual([{ kind: 'clip', c: 0.1 }]);
    expect(resolved(ring, 'preset=wgan', 'constraint.c=0.1', 'optimizer.rho=0.5')).toMatchObject({
      constraint: [{ kind: 'clip', c: 0.1 }],
      optimizer: { generator: { kind: 'rmsprop', rho: 0.5 }, critic: { rho: 0.5 } },
    });
    expect(resolved(ring, 'stabilization.instanceNoise.sigma=0.3').stabilization.instanceNoise?.sigma).toBe(0.3);
    expect(resolved(ring, 'samples.grid.1=4').samples.grid).toEqual([8, 4]);
  });

  test('are dropped together with a kind that an override replaces', () => {
    expect(resolved(ring, 'optimizer.critic.kind=rmsprop').optimizer).toMatchObject({
      generator: { kind: 'adam', beta2: 0.9 },
      critic: { kind: 'rmsprop', rho: 0.99, learningRate: 5e-5 },
    });
    expect(resolved({ ...ring, preset: 'dcgan' }, 'optimizer.critic.learningRate=1e-5').optimizer).toMatchObject({
      generator: { beta1: 0.5, learningRate: 2e-4 },
      critic: { beta1: 0.5, learningRate: 1e-5 },
    });
  });

  test('are also filled in for rules such as criticSteps.untilOptimal', () => {
    expect(resolved(ring, 'criticSteps=authors').criticSteps).toBe('authors');
    expect(resolved(ring, 'criticSteps.untilOptimal.max=50').criticSteps).toEqual({
      untilOptimal: { tolerance: 0.01, window: 10, max: 50 },
    });
    const rule = { ...ring, criticSteps: { untilOptimal: { window: 3 } } };
    expect(resolved(rule, 'criticSteps.untilOptimal.max=50').criticSteps).toMatchObject({
      untilOptimal: { window: 3, max: 50 },
    });
    expect(resolved(ring, 'stabilization.weightDecay.rate=0.01').stabilization.weightDecay).toMatchObject({
      rate: 0.01,
    });
    expect(resolved(ring, 'objective=f-gan', 'objective.divergence=js').objective).toMatchObject({ divergence: 'js' });
    expect(resolved(ring, 'optimizer.schedule=linear').optimizer.critic).toMatchObject({
      kind: 'adam',
      schedule: 'linear',
    });
    expect(messages(ring, 'criticSteps.max=50')).toEqual([
      '--set criticSteps.max=50: error: criticSteps is 5 and has no settings inside it; set criticSteps itself. [bad-option]',
    ]);
  });

  test('turn one optimizer into two if they name one role', () => {
    const { optimizer } = resolved({ ...ring, optimizer: { kind: 'adam', beta1: 0.3 } }, 'optimizer.critic.beta1=0.5');
    expect([optimizer.generator, optimizer.critic]).toMatchObject([{ beta1: 0.3 }, { beta1: 0.5 }]);
    expect(resolved(ring, 'optimizer.generator.learningRate=1e-3').optimizer).toMatchObject({
      generator: { learningRate: 1e-3 },
      critic: { learningRate: 1e-4 },
    });
  });

  test('expand a short form, and address list items by number', () => {
    expect(resolved({ ...ring, constraint: 'clip' }, 'constraint.c=0.5').constraint).toEqual([
      { kind: 'clip', c: 0.5 },
    ]);
    expect(resolved({ ...ring, constraint: 'clip' }, 'constraint.0.c=0.5').constraint).toEqual([
      { kind: 'clip', c: 0.5 },
    ]);
    const list = { ...ring, constraint: ['clip', { kind: 'gradient-penalty' }] };
    expect(resolved(list, 'constraint.0.c=0.5', 'constraint.1.lambda=1').constraint).toMatchObject([
      { c: 0.5 },
      { lambda: 1 },
    ]);
  });

  test('are applied even if the override before them is wrong', () => {
    expect(messages(ring, 'critic.width=big', 'critic.depth=2', 'constraint.lambda=1')).toHaveLength(1);
  });
});

test('one of two settings that are null without the file leaves the other as it is', () => {
  const { initialWeights } = resolved(ring, 'initialWeights.generator=./run');
  expect(initialWeights).toEqual({ generator: './run', critic: null });
});

describe('problems of overrides', () => {
  test('name the option instead of the line', () => {
    const [problem] = parse(ring, 'critic.width=big').problems;
    expect(problem).toMatchObject({ option: '--set critic.width=big', line: 0, column: 0, length: 0 });
    expect(formatProblem(problem)).toBe(
      '--set critic.width=big: error: critic.width must be a whole number from 1 to 16,384, got "big" (for example 128). [wrong-value]',
    );
  });

  test.each([
    [['step=3'], '--set step=3: error: step is not a setting of an experiment. Did you mean "steps"? [unknown-key]'],
    [
      ['seed'],
      '--set seed: error: --set must be path=value, got "seed" (for example --set critic.width=64). [bad-option]',
    ],
    [
      ['a..b=1'],
      '--set a..b=1: error: --set must be path=value, got "a..b=1" (for example --set critic.width=64). [bad-option]',
    ],
    [
      ['steps.x=1'],
      '--set steps.x=1: error: steps is 2000 and has no settings inside it; set steps itself. [bad-option]',
    ],
    [
      ['samples.grid.2=1'],
      '--set samples.grid.2=1: error: samples.grid.2 does not exist: the list has 2 items, numbered from 0. [bad-option]',
    ],
    [
      ['data={"source":"images"}'],
      '--set data={"source":"images"}: error: data.path is missing; set it to a path (for example "./photos"). [missing]',
    ],
  ])('are reported as: %s', (settings, text) => {
    expect(messages(ring, ...settings)).toEqual([text]);
  });

  test('are listed next to problems of the file, which keep their line', () => {
    expect(messages({ ...ring, steps: 0 }, 'seed=-1').map((text) => text.split(' ')[0])).toEqual([
      'a.gan.json:1:45:',
      '--set',
    ]);
  });

  test('show the value of the option for a setting that the file also has', () => {
    expect(messages({ ...ring, steps: 500 }, 'steps=0')).toEqual([
      expect.stringMatching(/steps=0: error: steps must be .*, got 0 /),
    ]);
  });

  test('name the option that created an unknown object', () => {
    expect(messages(ring, 'foo.bar=1')).toEqual([
      expect.stringMatching(/^--set foo\.bar=1: error: foo is not a setting/),
    ]);
  });

  test('do not include problems of the file that an override fixes', () => {
    expect(resolved({ ...ring, steps: 0 }, 'steps=5').steps).toBe(5);
    expect(resolved({ data: {} }, 'data.source=digits').data.source).toBe('digits');
  });

  test('include paths and values that are nested too deeply', () => {
    expect(messages(ring, `${'a.'.repeat(60_000)}a=1`)).toEqual([expect.stringContaining('must be path=value')]);
    expect(messages(ring, `metrics=${'['.repeat(60_000)}${']'.repeat(60_000)}`)).toEqual([
      expect.stringContaining('metrics must be a list such as ["modes", "w1", "swd"]'),
    ]);
  });

  test('include __proto__ as an unknown key, and no prototype is changed', () => {
    expect(messages(ring, '__proto__.steps=3', 'constructor.prototype.x=1')).toEqual([
      expect.stringContaining('__proto__ is not a setting'),
      expect.stringContaining('constructor is not a setting'),
    ]);
    expect(({} as { steps?: number }).steps).toBeUndefined();
  });

  test('found by the linter name the option that caused them, not its neighbor', () => {
    const parsed = parse(
      { data: { source: 'gaussians-grid' } },
      'preset=dcgan',
      'optimizer.epsilon=1e-7',
      'constraint=clip',
    );
    const places = lintExperiment(parsed).map(({ code, option }) => [code, option]);
    expect(places).toEqual([
      ['momentum-on-clipped-critic', '--set preset=dcgan'],
      ['network-fits-data', '--set preset=dcgan'],
      ['network-fits-data', '--set preset=dcgan'],
    ]);
  });
});
