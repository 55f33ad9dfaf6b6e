// Sweep files: trials, places of problems, hostile files; plans that extend and never change.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatProblem } from '../experiment';
import { checkSweep, type CheckOptions } from './checkSweep';
import { experimentOf, planSweep as planWith } from './plan';
import { canceledTrials, clearCanceled, markCanceled, openSweep } from './sweepDirectory';
import { stateOf } from './trialState';

const ring = JSON.stringify({
  data: { source: 'gaussians-ring' },
  generator: { network: 'mlp', depth: 1, width: 16 },
  critic: { network: 'mlp', depth: 1, width: 16 },
});

function check(sweep: object | string, options: CheckOptions & { readonly base?: string } = {}) {
  const { base = ring, ...rest } = options;
  const text = typeof sweep === 'string' ? sweep : JSON.stringify({ experiment: './ring.gan.json', ...sweep });
  return checkSweep(text, '/w/a.sweep.json', { read: () => base, ...rest });
}

function valid(sweep: object, options: CheckOptions & { readonly base?: string } = {}) {
  const checked = check(sweep, options);
  if (!checked.sweep) throw new Error(checked.problems.map(formatProblem).join('\n'));
  return checked.sweep;
}

const planSweep = (directory: string, sweep: ReturnType<typeof valid>) => planWith(directory, sweep, '0.0.0');

/** `axes, sample, seed` of each trial. */
const trialsOf = (sweep: object, options: CheckOptions = {}): string[] =>
  valid(sweep, options).trials.map(({ axes, sample, seed }) => JSON.stringify([...Object.values(axes), sample, seed]));

const problemsOf = (sweep: object | string, options: CheckOptions = {}): string[] =>
  check(sweep, options).problems.map(formatProblem);

function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-sweep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'sweep');
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, k) => k + 1);

describe('trials', () => {
  test('are all combinations of cases and grid, seed after seed', () => {
    const sweep = { cases: { a: {}, b: { steps: 10 } }, over: { batchSize: [8, 16] }, seeds: 2 };
    const grid = ['a",8', 'a",16', 'b",8', 'b",16'];
    expect(trialsOf(sweep)).toEqual([1, 2].flatMap((seed) => grid.map((cell) => `["${cell},null,${seed}]`)));
  });

  test('have the settings of their case over drawn ones over "set", as the grid over "set"', () => {
    const sweep = {
      set: { steps: 1, batchSize: 1, 'critic.depth': 4, 'critic.width': 3 },
      sample: { count: 1, of: { batchSize: { choice: [2] }, steps: { choice: [2] } } },
      cases: { a: { steps: 3 } },
      over: { 'critic.width': [4] },
    };
    const [{ resolved }] = valid(sweep).trials;
    expect(resolved).toMatchObject({ batchSize: 2, steps: 3, critic: { depth: 4, width: 4 }, threads: 1, seeds: 1 });
  });

  test('of several experiments have the experiment as an axis', () => {
    expect(trialsOf({ experiment: ['a.gan.json', 'b.gan.json'] })).toEqual([
      '["a.gan.json",null,1]',
      '["b.gan.json",null,1]',
    ]);
  });

  test('are left out by "skip": by value, by one of several values, by a part of a value', () => {
    const over = { constraint: ['clip', { kind: 'gradient-penalty', lambda: 1 }], batchSize: [8, 16, 32] };
    const skip = [
      { constraint: 'clip', batchSize: [8, 16] },
      { 'constraint.kind': 'gradient-penalty', batchSize: 32 },
    ];
    expect(valid({ over, skip, set: { objective: 'wgan' } }).trials.map(({ axes }) => axes.batchSize)).toEqual([
      32, 8, 16,
    ]);
  });

  test('of a sample are the same for each case, and a larger count changes none', () => {
    const of = { 'critic.width': { integer: [8, 64], log: true }, 'optimizer.learningRate': { log: [1e-4, 1e-3] } };
    const drawn = (count: number, more: object = {}) =>
      valid({ sample: { count, of: { ...of, ...more } }, cases: { a: {}, b: {} } }).trials.map(
        ({ sampled }) => sampled,
      );
    const few = drawn(3);
    expect(few[0]).toEqual(few[1]);
    expect(drawn(6).slice(0, 6)).toEqual(few);
    // Another setting has random numbers of its own.
    expect(drawn(3, { batchSize: { choice: [8, 16] } })).toMatchObject(few);
    const many = drawn(2000).map((each) => each['critic.width'] as number);
    expect(Math.min(...many)).toBe(8);
    expect(Math.max(...many)).toBe(64);
    // On a logarithmic scale, half are below the geometric mean.
    expect(many.filter((width) => width < 23).length / many.length).toBeCloseTo(0.5, 1);
  });

  test('draw what is inside of a choice only where it is chosen', () => {
    const constraint = { choice: [{ kind: 'clip', c: { log: [0.001, 0.1] } }, { kind: 'gradient-penalty' }] };
    const drawn = valid({ sample: { count: 20, of: { constraint } }, set: { objective: 'wgan' } }).trials;
    const kinds = drawn.map(({ sampled }) => sampled.constraint as { kind: string; c?: number });
    expect(new Set(kinds.map(({ kind }) => kind)).size).toBe(2);
    for (const { kind, c } of kinds) expect(c === undefined).toBe(kind !== 'clip');
  });

  test('are planned up to a limit', () => {
    expect(trialsOf({ seeds: 9, limits: { trials: 2 } })).toHaveLength(2);
    expect(trialsOf({ seeds: 9, limits: { trials: 2 } }, { trials: 3 })).toHaveLength(3);
  });
});

describe('problems', () => {
  test('of a setting are at its place in the sweep file, told once, with the trials', () => {
    const text = `{
  "experiment": "./ring.gan.json",
  "over": { "critic.activaton": [1, 2] },
  "cases": { "a": { "critic.depth": "two" }, "b": {} },
}`;
    expect(problemsOf(text)).toEqual(
      [
        'a.sweep.json:3:13: error: critic.activaton is not a setting of the network "mlp". Did you mean "activation"? [unknown-key]',
        'a.sweep.json:4:37: error: critic.depth must be a whole number from 1 to 64, got "two" (for example 3). In 2 trials of 4: 1, 2. [wrong-value]',
      ].map((line) => `/w/${line}`),
    );
    expect(check(text).problems.map(({ fixes }) => fixes?.[0])).toMatchObject([
      { title: 'Change to "activation"', text: 'i' },
      undefined,
    ]);
  });

  test('of the experiment are at their place there', () => {
    const base = '{ "data": { "source": "gaussians-rin" } }';
    expect(check({ seeds: 3 }, { base }).problems.map(formatProblem)).toEqual([
      expect.stringMatching(/^\/w\/ring\.gan\.json:1:23: error: .*Did you mean "gaussians-ring"\? \[wrong-value\]$/),
    ]);
  });

  test.each<[string, object | string, RegExp]>([
    ['a misspelled key', { sampel: 3 }, /:1:\d+: error: sampel is not a setting of a sweep\. Did you mean "sample"\?/],
    ['no experiment', '{}', /:1:1: error: experiment is missing; set it to the path/],
    ['a seed in the grid', { over: { seed: [1] } }, /over\.seed cannot be set here: .* use "seeds" of the sweep file/],
    ['a key that is no path', { set: { 'a=b': 1 } }, /is not the path of a setting, such as critic\.width/],
    [
      'a rule of two kinds',
      { sample: { count: 1, of: { steps: { log: [1, 2], choice: [1] } } } },
      /log is not a setting of a sampled choice/,
    ],
    ['no rule', { sample: { count: 1, of: { steps: 5 } } }, /must be a rule such as/],
    [
      'a range that is empty',
      { sample: { count: 1, of: { steps: { integer: [2, 1] } } } },
      /must be two different numbers, the smaller one first/,
    ],
    [
      'a logarithm of 0',
      { sample: { count: 1, of: { steps: { log: [0, 1] } } } },
      /log\.0 must be a number above 0, got 0/,
    ],
    [
      'a part of an integer',
      { sample: { count: 1, of: { steps: { integer: [1.5, 2] } } } },
      /integer\.0 must be a whole number, got 1\.5/,
    ],
    [
      'a wrong rule inside of a choice',
      { sample: { count: 1, of: { constraint: { choice: [{ kind: 'clip', c: { log: [0, 1] } }] } } } },
      /choice\.0\.c is not a valid rule/,
    ],
    [
      'a skipped setting that is not varied',
      { skip: [{ steps: 5 }] },
      /steps is not varied by this sweep.*It varies only the seed/,
    ],
    ['no trial', { over: { steps: [5] }, skip: [{ steps: 5 }] }, /The rules of "skip" leave no trial/],
    [
      'a rule with a misspelled case',
      { cases: { GP: {}, clip: {} }, over: { steps: [4, 8] }, skip: [{ case: 'clp', steps: 4 }] },
      /case is never "clp", so this rule skips nothing\. Its values: "GP", "clip"/,
    ],
    [
      'a rule with a value that the grid has not',
      { over: { steps: [4, 8] }, skip: [{ steps: [5, 6] }] },
      /steps is never \[5,6\], so this rule skips nothing\. Its values: 4, 8/,
    ],
    [
      'a rule that no combination fits',
      {
        over: { constraint: ['clip', { kind: 'gradient-penalty', lambda: 1 }] },
        skip: [{ constraint: 'clip', 'constraint.lambda': 1 }],
      },
      /No trial has all of these values/,
    ],
    ['an empty rule', { over: { steps: [4, 8] }, skip: [{}] }, /The rule is empty/],
    [
      'a case that the grid overrides',
      { cases: { a: { 'critic.width': 3 } }, over: { 'critic.width': [4, 8] } },
      /critic\.width has no effect here, since "over" sets it too/,
    ],
    [
      'a sampled setting inside of one of the grid',
      { sample: { count: 2, of: { 'critic.width': { integer: [4, 8] } } }, over: { critic: [{ network: 'mlp' }] } },
      /critic\.width has no effect here/,
    ],
    ['a value twice', { over: { 'critic.width': [4, 8, 4] } }, /over\."?critic\.width"?\.2 repeats 4/],
    ['repeated seeds', { seeds: [1, 2, 1] }, /seeds\.2 repeats 1/],
    [
      'a metric that is not measured',
      { set: { metrics: [] }, result: { metric: 'w1' } },
      /"w1" is not measured by these trials\. Add "metrics": \["w1"\]/,
    ],
    [
      'too many trials',
      { over: { steps: numbers(500), batchSize: numbers(500) }, seeds: 1000 },
      /has 250,000,000 combinations; at most 10,000/,
    ],
    ['a list', '[]', /contains a list; a sweep is an object, for example \{ "experiment"/],
    ['an empty file', '', /The file is empty; start with \{ "experiment"/],
    ['a prototype', '{ "experiment": "a", "__proto__": { "seeds": 5 } }', /__proto__ is not a setting of a sweep/],
  ])('%s', (_, sweep, message) => {
    expect(problemsOf(sweep).join('\n')).toMatch(message);
  });

  test('of an experiment that is missing name the path and where it starts', () => {
    const { problems } = checkSweep('{ "experiment": "./none.gan.json" }', '/w/a.sweep.json');
    expect(problems.map(formatProblem)).toEqual([
      '/w/a.sweep.json:1:17: error: The experiment file "./none.gan.json" cannot be read: it does not exist. Paths start at the folder of the sweep file. [experiment-missing]',
    ]);
  });
});

describe('the critic ranks trials', () => {
  const result = { metric: 'estimate' };
  test.each<[string, object, string]>([
    ['with the same critic, constraint and objective', { over: { 'generator.width': [8, 16] } }, ''],
    ['but not of different widths', { over: { 'critic.width': [8, 16] } }, 'critic differs'],
    ['but not under different penalties', { over: { 'constraint.lambda': [1, 10] } }, 'constraint differs'],
    [
      'but not of different presets',
      { cases: { a: { preset: 'gan' }, b: { preset: 'wgan' } } },
      'constraint and objective differ',
    ],
  ])('%s', (_, sweep, refused) => {
    const errors = check({ ...sweep, result }).problems.filter(({ code }) => code === 'ranked-by-critic');
    expect(errors.map(({ message }) => message)).toEqual(
      refused === '' ? [] : [expect.stringContaining(`whose ${refused}`)],
    );
    for (const { message } of errors)
      expect(message).toContain('Rank by a metric of the samples instead: "modes", "w1"');
  });
});

describe('a plan', () => {
  const sweep = { cases: { a: { steps: 5 }, b: {} }, seeds: 2 };

  test('is the same at every call, and numbers never change when the sweep grows', () => {
    const directory = scratch();
    expect(planSweep(directory, valid(sweep))).toMatchObject({ added: 4 });
    const before = openSweep(directory).trials;
    expect(planSweep(directory, valid(sweep))).toMatchObject({ added: 0 });
    const { added, sweep: grown } = planSweep(
      directory,
      valid({ ...sweep, cases: { c: {}, ...sweep.cases }, seeds: [2, 3, 1] }),
    );
    expect(added).toBe(5);
    expect(grown.trials.slice(0, 4)).toEqual(before);
    expect(grown.trials.map(({ trial }) => trial)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(
      readFileSync(path.join(directory, 'plan', '1.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(4);
  });

  test('grows from a limited one to all', () => {
    const directory = scratch();
    planSweep(directory, valid(sweep, { trials: 3 }));
    expect(openSweep(directory).trials).toHaveLength(3);
    planSweep(directory, valid(sweep, { trials: 1 }));
    expect(openSweep(directory).trials).toHaveLength(3);
    expect(planSweep(directory, valid(sweep)).sweep.trials).toHaveLength(4);
  });

  test.each<[string, object, RegExp]>([
    [
      'a case was removed',
      { cases: { a: { steps: 5 } } },
      /no longer has 2 trials of the plan \(trial 2: case "b", seed 1, trial 4/,
    ],
    [
      'a case changed',
      { cases: { a: { steps: 6 }, b: {} } },
      /in trial 1: case "a", seed 1, steps is 5 in the plan and 6 now\./,
    ],
    ['something else varies', { over: { batchSize: [8] } }, /it varies case, and the file now batchSize, case\./],
    ['"set" changed', { set: { batchSize: 8 } }, /batchSize is 64 in the plan and 8 now/],
  ])('is refused if %s', (_, change, message) => {
    const directory = scratch();
    planSweep(directory, valid(sweep));
    expect(() => planSweep(directory, valid({ ...sweep, ...change }))).toThrow(message);
    expect(openSweep(directory).trials).toHaveLength(4);
  });

  test('is refused if the experiment changed, but not if only a comment or the name did', () => {
    const directory = scratch();
    planSweep(directory, valid(sweep));
    const changed = ring.replace('"width":16', '"width":32');
    expect(() => planSweep(directory, valid(sweep, { base: changed }))).toThrow(
      /generator\.width is 16 in the plan and 32 now/,
    );
    planSweep(directory, valid({ ...sweep, name: 'other' }, { base: `// hello\n${ring}` }));
  });

  test('takes a new result, limits and options of Slurm', () => {
    const directory = scratch();
    planSweep(directory, valid(sweep));
    const { sweep: after } = planSweep(
      directory,
      valid({ ...sweep, result: { metric: 'w1', thresholds: [1] }, slurm: { partition: 'gpu' } }),
    );
    expect(after.file).toMatchObject({ result: { metric: 'w1' }, slurm: { partition: 'gpu' } });
  });

  test('gives each trial the experiment that was checked, with its name', () => {
    const directory = scratch();
    const checked = valid({ ...sweep, over: { 'critic.width': [8] } });
    const planned = planSweep(directory, checked).sweep;
    planned.trials.forEach((trial, k) => {
      expect(experimentOf(planned, trial).experiment).toEqual({
        ...checked.trials[k].resolved,
        name: `a ${trial.trial}`,
      });
    });
  });

  test('of an older Earthmover is continued: what that did not have has its default', () => {
    const directory = scratch();
    const { sweep: planned } = planSweep(directory, valid(sweep));
    const part = path.join(directory, 'plan', '1.jsonl');
    const old = readFileSync(part, 'utf8').replaceAll(/"batchSize":64,/g, '');
    writeFileSync(part, old);
    expect(openSweep(directory).trials[0].resolved).not.toHaveProperty('batchSize');
    expect(planSweep(directory, valid({ ...sweep, seeds: 3 }))).toMatchObject({ added: 2 });
    const [trial] = openSweep(directory).trials;
    expect(experimentOf(planned, trial).experiment).toMatchObject({ batchSize: 64 });
    const changed = valid({ ...sweep, set: { batchSize: 32 } });
    expect(() => planSweep(directory, changed)).toThrow(/batchSize is 64 in the plan and 32 now/);
  });

  test('has marks of canceled trials; a folder of such a name is none, and stays', () => {
    const directory = scratch();
    planSweep(directory, valid(sweep));
    const [all, second] = ['all', '0002'].map((name) => path.join(directory, 'canceled', name));
    mkdirSync(all);
    markCanceled(directory, 2);
    const canceled = () => [1, 2].map((trial) => [canceledTrials(directory)(trial), stateOf(directory, trial).state]);
    expect(canceled()).toEqual([
      [false, 'waiting'],
      [true, 'canceled'],
    ]);
    expect(() => markCanceled(directory, 'all')).toThrow(`Cannot write ${all}: it is a folder, not a file`);
    clearCanceled(directory);
    expect([existsSync(all), existsSync(second)]).toEqual([true, false]);
    expect(canceled()).toEqual([
      [false, 'waiting'],
      [false, 'waiting'],
    ]);
  });

  test('is not made in a folder of something else, and damage is named', () => {
    const directory = scratch();
    planSweep(directory, valid(sweep));
    const part = path.join(directory, 'plan', '1.jsonl');
    writeFileSync(part, readFileSync(part, 'utf8').replace('"trial":2', '"trial":7'));
    expect(() => openSweep(directory)).toThrow(/1\.jsonl is damaged: trial 2 is missing or not valid/);
    writeFileSync(path.join(directory, 'notes.txt'), '');
    expect(() => planSweep(directory, valid(sweep))).toThrow(/is not empty: it contains notes\.txt/);
  });
});
