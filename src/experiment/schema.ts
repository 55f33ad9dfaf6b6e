// The schema of the experiment file, built from the catalog: run-time validation, JSON Schema and types all follow from it.
import * as z from 'zod';
import {
  authorsSchedule,
  checkpointsSettings,
  constraints,
  criticStepsNumber,
  dataSources,
  gridSettings,
  instanceNoiseSettings,
  latentSettings,
  metrics,
  networks,
  objectives,
  optimizers,
  presets,
  runSettings,
  samplesSettings,
  stabilizationSettings,
  untilOptimalSettings,
  weightDecaySettings,
  type Role,
} from '../catalog';
import {
  entrySchema,
  hoverText,
  isRecord,
  idOrEntrySchema,
  idSchema,
  objectSchema,
  parameterShape,
} from './catalogSchema';
import { withErrorHints } from './errorHints';
import { listOf } from './suggestions';

const name = withErrorHints(
  z.string().min(1).max(200).regex(/\S/).meta(hoverText('Name of the runs. Default: the name of the file.')),
  { expected: 'text of 1 to 200 characters' },
);

const preset = withErrorHints(
  idSchema(presets).nullable().meta(hoverText('Settings that belong together; every key below overrides it.')),
  { expected: `${listOf(Object.keys(presets))}, or null`, known: Object.keys(presets) },
);

const networkText: Readonly<Record<Role, string>> = {
  generator: 'The network that turns latent vectors into samples. Default: an mlp for points, a dcgan for images.',
  critic:
    'The network that tells real from generated, with raw output: no sigmoid. Default: an mlp for points, a dcgan for images.',
};

function network(role: Role) {
  const family = entrySchema('network', networks, 'network', role);
  const example = `./models/${role}.ts`;
  const path = z.string().min(1).max(4096).meta(hoverText('A .ts or .js file, relative to the experiment file.'));
  const member = z
    .string()
    .regex(/^[\p{L}_$][\p{L}\p{N}_$]{0,199}$/u)
    .meta({ ...hoverText('The exported function or constant that builds the model.'), default: role });
  const shape = {
    module: withErrorHints(path, { expected: `a path, for example "${example}"` }),
    export: withErrorHints(member, { expected: `the name of an export, for example "${role}"` }).optional(),
  };
  const module = objectSchema(shape, 'a network of your own', `{ "module": "${example}" }`);
  return withErrorHints(z.union([family, module]).meta(hoverText(networkText[role])), {
    expected: `an object such as { "network": "mlp" } or { "module": "${example}" }`,
    pick: (value) => (isRecord(value) ? (Object.hasOwn(value, 'module') ? module : family) : undefined),
  });
}

/** Refuses a second item with the same key. */
function once<T>(schema: z.ZodType<T>, keyOf: (item: T) => string) {
  return z.array(schema).superRefine((list, context) => {
    list.forEach((item, index) => {
      if (list.findIndex((other) => keyOf(other) === keyOf(item)) === index) return;
      const message = `is a second "${keyOf(item)}"; keep one of them`;
      context.addIssue({ code: 'custom', path: [index], message });
    });
  });
}

const oneConstraint = idOrEntrySchema('kind', constraints, 'constraint');
const someConstraints = withErrorHints(
  once(oneConstraint, (item) => (typeof item === 'string' ? item : item.kind)),
  { expected: 'a list of constraints' },
);
const constraintText =
  'What bounds the slope of the critic: one constraint, a list, or null. Default: that of the preset.';
const constraint = withErrorHints(z.union([z.null(), oneConstraint, someConstraints]).meta(hoverText(constraintText)), {
  expected: `${listOf(Object.keys(constraints))}, an object such as { "kind": "clip" }, a list of these, or null`,
  known: Object.keys(constraints),
  pick: (value) =>
    Array.isArray(value) ? someConstraints : isRecord(value) || typeof value === 'string' ? oneConstraint : undefined,
});

const oneOptimizer = entrySchema('kind', optimizers, 'optimizer');
const twoOptimizers = objectSchema(
  { generator: oneOptimizer, critic: oneOptimizer },
  'a pair of optimizers',
  '{ "generator": { "kind": "adam" }, "critic": { "kind": "adam" } }',
);
const optimizerText =
  'How gradients become updates: one optimizer for both networks, or { "generator", "critic" }. Default: that of the preset.';
const optimizer = withErrorHints(z.union([oneOptimizer, twoOptimizers]).meta(hoverText(optimizerText)), {
  expected: 'an object such as { "kind": "adam" }',
  pick: (value) => {
    if (!isRecord(value)) return undefined;
    return Object.hasOwn(value, 'generator') || Object.hasOwn(value, 'critic') ? twoOptimizers : oneOptimizer;
  },
});

const noise = objectSchema(parameterShape(instanceNoiseSettings), 'instance noise', '{ "sigma": 0.1 }');
const noiseText = 'Gaussian noise on real and generated samples before the critic, fading out; null for none.';
const instanceNoise = withErrorHints(noise.nullable().meta({ ...hoverText(noiseText), default: null }), {
  expected: 'an object such as { "sigma": 0.1 }, or null',
});

const decay = objectSchema(parameterShape(weightDecaySettings), 'weight decay', '{ "rate": 0.001 }');
const decayText = 'Weights pulled to zero; null for none. The losses that are reported stay without it.';
const weightDecay = withErrorHints(decay.nullable().meta({ ...hoverText(decayText), default: null }), {
  expected: 'an object such as { "rate": 0.001 }, or null',
});

const { updates } = parameterShape({ updates: criticStepsNumber });
const untilOptimalText =
  'Updates the critic until it gains nothing more: the mean of the estimate is compared between two windows of updates.';
const untilOptimal = objectSchema(
  parameterShape(untilOptimalSettings),
  '"untilOptimal"',
  '{ "tolerance": 0.01, "max": 200 }',
  untilOptimalText,
);
const criticRule = objectSchema({ untilOptimal }, '"criticSteps"', '{ "untilOptimal": { "max": 200 } }');
const authors = z.literal('authors').meta(hoverText(authorsSchedule.text));
const criticStepsText = `${criticStepsNumber.text} Or "authors": ${authorsSchedule.text} Or { "untilOptimal": {} }: until the critic gains nothing more.`;
const criticSteps = withErrorHints(
  z
    .union([updates.unwrap(), authors, criticRule])
    .meta({ ...hoverText(criticStepsText), default: criticStepsNumber.default }),
  {
    expected: 'a whole number from 1 to 10000, "authors", or an object such as { "untilOptimal": { "max": 200 } }',
    known: ['authors'],
    pick: (value) => (typeof value === 'number' ? updates.unwrap() : isRecord(value) ? criticRule : undefined),
  },
);

const { rows, columns } = parameterShape(gridSettings);
const grid = withErrorHints(
  z.tuple([rows.unwrap(), columns.unwrap()]).meta({
    ...hoverText('Rows and columns of the sample picture.'),
    default: [gridSettings.rows.default, gridSettings.columns.default],
  }),
  { expected: `two whole numbers from 1 to ${gridSettings.rows.maximum}, for example [8, 8]` },
);

const metricList = withErrorHints(
  once(idSchema(metrics), (id) => id).meta({
    ...hoverText('Numbers taken of the samples. Default: those that fit the data.'),
    uniqueItems: true,
  }),
  { expected: `a list such as [${listOf(Object.keys(metrics))}]` },
);

export const experimentSchema = objectSchema(
  {
    $schema: withErrorHints(z.string().meta(hoverText('Where editors find the schema of this file.')), {
      expected: 'text',
    }).optional(),
    name: name.optional(),
    preset: preset.optional(),
    data: entrySchema('source', dataSources, 'data source'),
    latent: objectSchema(
      parameterShape(latentSettings),
      'the latent vector',
      '{ "size": 2 }',
      'What the generator starts from.',
    ).optional(),
    generator: network('generator').optional(),
    critic: network('critic').optional(),
    objective: idOrEntrySchema('kind', objectives, 'objective').optional(),
    constraint: constraint.optional(),
    stabilization: objectSchema(
      {
        ...parameterShape(stabilizationSettings),
        instanceNoise: instanceNoise.optional(),
        weightDecay: weightDecay.optional(),
      },
      '"stabilization"',
      '{ "ema": 0.999 }',
      'What steadies training, apart from the constraint.',
    ).optional(),
    criticSteps: criticSteps.optional(),
    ...parameterShape(runSettings),
    optimizer: optimizer.optional(),
    samples: objectSchema(
      { ...parameterShape(samplesSettings), grid: grid.optional() },
      '"samples"',
      '{ "every": 200 }',
      'How often samples are drawn and metrics computed, and how many are drawn.',
    ).optional(),
    checkpoints: objectSchema(
      parameterShape(checkpointsSettings),
      '"checkpoints"',
      '{ "every": 500, "keep": 3 }',
      'How often the full state is saved, and how much of it is kept.',
    ).optional(),
    metrics: metricList.optional(),
  },
  'an experiment',
  '{ "data": { "source": "gaussians-ring" } }',
);

/** What may be written in an experiment file. */
export type ExperimentFile = z.infer<typeof experimentSchema>;
