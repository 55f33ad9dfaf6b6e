// The schema of the sweep file, built from the catalog. Validation, JSON Schema and types are derived from it.
import * as z from 'zod';
import { limitsSettings, resultSettings, sampleSettings, slurmSettings } from '../catalog';
import { hoverText, objectSchema, parameterShape, type Shape } from '../experiment/catalogSchema';
import { withErrorHints } from '../experiment/errorHints';
import { isRecord } from '../shared/isRecord';

/** `critic.width`, as `--set` takes it. */
const settingPath = /^[\w$-]{1,60}(\.[\w$-]{1,60}){0,15}$/;
/** Settings that the sweep gives to each trial itself. */
export const ownSettings: Readonly<Record<string, string>> = {
  seed: 'the sweep sets it; use "seeds" of the sweep file',
  seeds: 'each trial is one run; use "seeds" of the sweep file',
  name: 'trials are named by the sweep; use "name" of the sweep file',
};
const maxValues = 1000;

/** A setting of the experiment to what `value` describes. */
const settingsTo = <V extends z.ZodType>(value: V, text: string, expected: string) =>
  withErrorHints(
    z
      .record(z.string(), value)
      .superRefine((record, context) => {
        for (const key of Object.keys(record)) {
          const message = Object.hasOwn(ownSettings, key)
            ? `cannot be set here: ${ownSettings[key]}`
            : settingPath.test(key)
              ? undefined
              : 'is not the path of a setting, such as critic.width or optimizer.learningRate';
          if (message === undefined) continue;
          context.addIssue({ code: 'custom', path: [key], message, params: { code: 'wrong-path', target: 'key' } });
        }
      })
      .meta(hoverText(text)),
    { expected },
  );

/** Any JSON; whether it fits the setting is checked in the experiment of each trial. */
const anything = z.unknown();
const settingsExample = 'an object such as { "critic.width": 128 }';

const experimentPath = withErrorHints(
  z.string().min(1).max(4096).meta(hoverText('An experiment file (*.gan.json), relative to the sweep file.')),
  { expected: 'a path', example: '"./wgan.gan.json"' },
);
const experimentList = withErrorHints(
  z
    .array(experimentPath)
    .min(1)
    .max(100)
    .superRefine((list, context) => {
      list.forEach((item, index) => {
        if (list.indexOf(item) !== index)
          context.addIssue({ code: 'custom', path: [index], message: `repeats "${item}"; remove one of them` });
      });
    }),
  { expected: 'a list of paths' },
);

const values = withErrorHints(
  z
    .array(anything)
    .min(1)
    .max(maxValues)
    .superRefine((list, context) => {
      const texts = list.map((item) => JSON.stringify(item));
      texts.forEach((text, index) => {
        if (texts.indexOf(text) !== index)
          context.addIssue({ code: 'custom', path: [index], message: `repeats ${text}; remove one of them` });
      });
    }),
  { expected: `a list of 1 to ${maxValues} values`, example: '[64, 128]' },
);

/** A range that is not empty. */
const ascending: [(range: [number, number]) => boolean, { error: string; params: { code: string } }] = [
  ([least, most]) => least < most,
  { error: 'must be two different numbers, the smaller one first', params: { code: 'wrong-value' } },
];
const oneNumber = withErrorHints(z.number(), { expected: 'a number' });
const onePositive = withErrorHints(z.number().gt(0), { expected: 'a number above 0' });
const oneInteger = withErrorHints(z.int(), { expected: 'a whole number' });
const numbers = withErrorHints(z.tuple([oneNumber, oneNumber]).refine(...ascending), {
  expected: 'two numbers, the smaller first',
  example: '[0.5, 2]',
});
const positive = withErrorHints(z.tuple([onePositive, onePositive]).refine(...ascending), {
  expected: 'two positive numbers, the smaller first',
  example: '[0.00001, 0.01]',
});
const integers = withErrorHints(z.tuple([oneInteger, oneInteger]).refine(...ascending), {
  expected: 'two whole numbers, the smaller first',
  example: '[1, 8]',
});
const logarithmic = withErrorHints(
  z.boolean().meta({
    ...hoverText('Draws the logarithm uniformly, so that 16 to 32 is as likely as 32 to 64.'),
    default: false,
  }),
  { expected: 'true or false' },
).optional();
const choices = withErrorHints(
  z
    .array(anything)
    .min(1)
    .max(maxValues)
    .superRefine((list, context) => {
      for (const { path, rule } of rulesIn(list)) {
        const { error } = ruleSchema(rule)?.safeParse(rule) ?? {};
        if (error === undefined) continue;
        const message =
          'is not a valid rule; write { "log": [0.01, 1] }, { "number": [0, 1] }, { "integer": [1, 8] } or { "choice": ["a", "b"] }';
        context.addIssue({ code: 'custom', path, message, params: { code: 'wrong-value' } });
      }
    }),
  { expected: `a list of 1 to ${maxValues} values`, example: '["relu", "tanh"]' },
);

const rules = {
  log: objectSchema(
    { log: positive.meta(hoverText('A number whose logarithm is uniform between these two.')) },
    'a sampled number',
    '{ "log": [0.00001, 0.01] }',
  ),
  number: objectSchema(
    { number: numbers.meta(hoverText('A uniform number between these two.')) },
    'a sampled number',
    '{ "number": [0, 1] }',
  ),
  integer: objectSchema(
    { integer: integers.meta(hoverText('A whole number between these two, both included.')), log: logarithmic },
    'a sampled whole number',
    '{ "integer": [1, 8] }',
  ),
  choice: objectSchema(
    {
      choice: choices.meta(
        hoverText('One of these values, each equally likely. Rules inside of an object are drawn if it is chosen.'),
      ),
    },
    'a sampled choice',
    '{ "choice": ["relu", "tanh"] }',
  ),
} as const;

type RuleKind = keyof typeof rules;
export type Rule = { readonly [K in RuleKind]: z.infer<(typeof rules)[K]> }[RuleKind];

/** In this order: `{ "integer": [16, 256], "log": true }` is an integer. */
const ruleKinds: readonly RuleKind[] = ['integer', 'number', 'choice', 'log'];

/** The kind of rule that an object is meant to be; undefined for an ordinary value. */
export const ruleKind = (value: unknown): RuleKind | undefined =>
  isRecord(value) ? ruleKinds.find((kind) => Object.hasOwn(value, kind)) : undefined;

function ruleSchema(value: unknown): z.ZodType | undefined {
  const kind = ruleKind(value);
  return kind && rules[kind];
}

/** The rules inside of the values of a choice; what is inside of a rule is left to its own check. */
function rulesIn(value: unknown, path: (string | number)[] = []): { path: (string | number)[]; rule: unknown }[] {
  if (path.length > 0 && ruleKind(value) !== undefined) return [{ path, rule: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => rulesIn(item, [...path, index]));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => rulesIn(item, [...path, key]));
}

const rule = withErrorHints(z.union([rules.integer, rules.number, rules.choice, rules.log]), {
  expected: 'a rule such as { "log": [0.00001, 0.01] }, { "integer": [1, 8] } or { "choice": ["relu", "tanh"] }',
  pick: ruleSchema,
});

const seedNumber = withErrorHints(
  z.int().gte(1).lte(1000).meta(hoverText('Number of trainings of each setting, with the seeds 1, 2, and so on.')),
  { expected: 'a whole number from 1 to 1,000, or a list of seeds', example: '5' },
);
const seedList = withErrorHints(
  z
    .array(withErrorHints(z.int().gte(0).lte(Number.MAX_SAFE_INTEGER), { expected: 'a whole number of at least 0' }))
    .min(1)
    .max(1000)
    .superRefine((list, context) => {
      list.forEach((item, index) => {
        if (list.indexOf(item) !== index)
          context.addIssue({ code: 'custom', path: [index], message: `repeats ${item}; remove one of them` });
      });
    }),
  { expected: 'a list of seeds', example: '[1, 2, 3]' },
);

const lines = (text: string, example: string) =>
  withErrorHints(
    z
      .array(
        withErrorHints(
          z
            .string()
            .min(1)
            .max(4096)
            .regex(/^[^\0\r\n]+$/),
          { expected: 'text on one line', example },
        ),
      )
      .max(200)
      .meta(hoverText(text)),
    { expected: 'a list of texts', example: `[${example}]` },
  ).optional();

/** All of the parameters optional, without defaults. */
function optionalShape<D extends typeof slurmSettings>(shape: Shape<D>) {
  const entries = Object.entries<z.ZodType>(shape).map(([name, schema]) => [name, schema.optional()]);
  return Object.fromEntries(entries) as { [N in keyof D]: z.ZodOptional<z.ZodType<NonNullable<z.infer<Shape<D>[N]>>>> };
}

const slurm = objectSchema(
  {
    ...optionalShape(parameterShape(slurmSettings)),
    options: lines('Other options of sbatch, one a text.', '"--constraint=icelake"'),
    before: lines('Lines of the job script before the training: modules, environments.', '"module load nodejs/20"'),
    mpirun: lines('With "ranks": the words that start several processes, before -n. Default: "mpirun".', '"mpirun"'),
    wrap: lines('Words before the command of a trial, such as those of a container.', '"apptainer"'),
  },
  '"slurm"',
  '{ "partition": "gpu", "time": "2:00:00" }',
  'Options of Slurm, used with --on slurm.',
);

export const sweepSchema = objectSchema(
  {
    $schema: withErrorHints(z.string().meta(hoverText('The JSON Schema of this file, for editors.')), {
      expected: 'text',
    }).optional(),
    name: withErrorHints(
      z
        .string()
        .min(1)
        .max(200)
        .regex(/\S/)
        .meta(hoverText('Name of the sweep and of its runs. Default: the file name.')),
      { expected: 'text of 1 to 200 characters' },
    ).optional(),
    experiment: withErrorHints(
      z
        .union([experimentPath, experimentList])
        .meta(
          hoverText('The experiment that trials are changes of, relative to the sweep file; or a list of experiments.'),
        ),
      {
        expected: 'the path of an experiment file, or a list of paths',
        example: '"./wgan.gan.json"',
        pick: (value) =>
          typeof value === 'string' ? experimentPath : Array.isArray(value) ? experimentList : undefined,
      },
    ),
    set: settingsTo(anything, 'Settings of all trials, over those of the experiment.', settingsExample).optional(),
    cases: withErrorHints(
      z
        .record(z.string().min(1).max(60), settingsTo(anything, 'Settings of this case.', settingsExample))
        .meta(hoverText('Named groups of settings to compare; each is combined with everything else.')),
      { expected: 'an object such as { "GAN": { "preset": "gan" }, "WGAN-GP": { "preset": "wgan-gp" } }' },
    ).optional(),
    over: settingsTo(
      values,
      'A grid: each setting with the list of its values; all combinations are trained.',
      'an object such as { "critic.width": [64, 128] }',
    ).optional(),
    sample: objectSchema(
      {
        ...parameterShape(sampleSettings),
        of: settingsTo(
          rule,
          'The settings that are drawn, each with its rule.',
          'an object such as { "critic.width": { "integer": [16, 256] } }',
        ),
      },
      '"sample"',
      '{ "count": 20, "of": { "optimizer.learningRate": { "log": [0.00001, 0.01] } } }',
      'Settings that are drawn at random; each sample is combined with all cases and the grid, so that they are compared on the same samples.',
    ).optional(),
    skip: withErrorHints(
      z
        .array(settingsTo(anything, 'Trials with all of these values are left out.', settingsExample))
        .max(maxValues)
        .meta(
          hoverText(
            'Combinations to leave out: settings of the sweep with a value, or a list of values; "case" is the name of a case.',
          ),
        ),
      { expected: 'a list such as [{ "case": "GAN", "critic.width": 256 }]' },
    ).optional(),
    seeds: withErrorHints(
      z
        .union([seedNumber, seedList])
        .meta({ ...hoverText('Number of seeds of each setting, or the list of them.'), default: 1 }),
      {
        expected: 'a whole number from 1 to 1,000, or a list of seeds',
        example: '5',
        pick: (value) => (typeof value === 'number' ? seedNumber : Array.isArray(value) ? seedList : undefined),
      },
    ).optional(),
    result: objectSchema(
      {
        ...parameterShape(resultSettings),
        thresholds: withErrorHints(
          z
            .array(withErrorHints(z.number(), { expected: 'a number' }))
            .max(20)
            .meta(hoverText('The table shows the share of trials that reach each of these values.')),
          { expected: 'a list of numbers', example: '[0.4, 0.25]' },
        ).optional(),
      },
      '"result"',
      '{ "metric": "w1", "thresholds": [0.4, 0.25] }',
      'The number by which trials are compared.',
    ).optional(),
    limits: objectSchema(
      parameterShape(limitsSettings),
      '"limits"',
      '{ "atOnce": 2 }',
      'What the sweep may use.',
    ).optional(),
    slurm: slurm.optional(),
  },
  'a sweep',
  '{ "experiment": "./wgan.gan.json", "seeds": 5 }',
);

/** The content of a sweep file. */
export type SweepFile = z.infer<typeof sweepSchema>;
export type SlurmConfig = z.infer<typeof slurm>;
