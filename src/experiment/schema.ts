// The schema of the experiment file, built from the catalog. Validation, JSON Schema and types are derived from it.
import * as z from 'zod';
import {
  authorsSchedule,
  checkpointsSettings,
  constraints,
  criticStepsNumber,
  dataSources,
  evaluationSettings,
  gridSettings,
  healthSettings,
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
import { isRecord } from '../shared/isRecord';
import { entrySchema, hoverText, idOrEntrySchema, idSchema, objectSchema, parameterShape } from './catalogSchema';
import { jsonList, withErrorHints } from './errorHints';

const name = withErrorHints(
  z.string().min(1).max(200).regex(/\S/).meta(hoverText('Name of the runs. Default: the file name.')),
  { expected: 'text of 1 to 200 characters' },
);

const preset = withErrorHints(
  idSchema(presets).nullable().meta(hoverText('Settings that belong together; any other key overrides them.')),
  { expected: `${jsonList(Object.keys(presets))}, or null`, known: Object.keys(presets) },
);

const networkText: Readonly<Record<Role, string>> = {
  generator:
    'The network that turns latent vectors into samples, and learns from the critic to make them look real. Default: mlp for points, dcgan for images.',
  critic:
    'The network that learns to tell real from generated samples, without a sigmoid at the end; the original GAN calls it the discriminator. Default: mlp for points, dcgan for images.',
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
    module: withErrorHints(path, { expected: 'a path', example: `"${example}"` }),
    export: withErrorHints(member, { expected: 'the name of an export', example: `"${role}"` }).optional(),
  };
  const module = objectSchema(shape, 'a custom network', `{ "module": "${example}" }`);
  return withErrorHints(z.union([family, module]).meta(hoverText(networkText[role])), {
    expected: `an object such as { "network": "mlp" } or { "module": "${example}" }`,
    pick: (value) => (isRecord(value) ? (Object.hasOwn(value, 'module') ? module : family) : undefined),
  });
}

/** A list in which no two items have the same key. */
function uniqueBy<T>(schema: z.ZodType<T>, keyOf: (item: T) => string) {
  return z.array(schema).superRefine((list, context) => {
    list.forEach((item, index) => {
      if (list.findIndex((other) => keyOf(other) === keyOf(item)) === index) return;
      const message = `repeats "${keyOf(item)}"; remove one of them`;
      context.addIssue({ code: 'custom', path: [index], message });
    });
  });
}

const singleConstraint = idOrEntrySchema('kind', constraints, 'constraint');
const constraintList = withErrorHints(
  uniqueBy(singleConstraint, (item) => (typeof item === 'string' ? item : item.kind)),
  { expected: 'a list of constraints' },
);
const constraintText =
  'How the gradient of the critic is bounded: one constraint, a list, or null. Default: that of the preset.';
const constraint = withErrorHints(
  z.union([z.null(), singleConstraint, constraintList]).meta(hoverText(constraintText)),
  {
    expected: `${jsonList(Object.keys(constraints))}, an object such as { "kind": "clip" }, a list of these, or null`,
    known: Object.keys(constraints),
    pick: (value) =>
      Array.isArray(value)
        ? constraintList
        : isRecord(value) || typeof value === 'string'
          ? singleConstraint
          : undefined,
  },
);

const singleOptimizer = entrySchema('kind', optimizers, 'optimizer');
const optimizerPair = objectSchema(
  { generator: singleOptimizer, critic: singleOptimizer },
  'a pair of optimizers',
  '{ "generator": { "kind": "adam" }, "critic": { "kind": "adam" } }',
);
const optimizerText =
  'The optimizer: one for both networks, or { "generator": ..., "critic": ... }. Default: that of the preset.';
const optimizer = withErrorHints(z.union([singleOptimizer, optimizerPair]).meta(hoverText(optimizerText)), {
  expected: 'an object such as { "kind": "adam" }',
  pick: (value) => {
    if (!isRecord(value)) return undefined;
    return Object.hasOwn(value, 'generator') || Object.hasOwn(value, 'critic') ? optimizerPair : singleOptimizer;
  },
});

const noise = objectSchema(parameterShape(instanceNoiseSettings), 'instance noise', '{ "sigma": 0.1 }');
const noiseText =
  'Gaussian noise that fades out, added to real and generated samples before the critic; null for none.';
const instanceNoise = withErrorHints(noise.nullable().meta({ ...hoverText(noiseText), default: null }), {
  expected: 'an object such as { "sigma": 0.1 }, or null',
});

const decay = objectSchema(parameterShape(weightDecaySettings), 'weight decay', '{ "rate": 0.001 }');
const decayText = 'Pulls weights toward zero; null for none. Reported losses do not include it.';
const weightDecay = withErrorHints(decay.nullable().meta({ ...hoverText(decayText), default: null }), {
  expected: 'an object such as { "rate": 0.001 }, or null',
});

const weightsOf = (role: Role) =>
  withErrorHints(
    z
      .string()
      .min(1)
      .max(4096)
      .nullable()
      .meta({
        ...hoverText(
          `The run directory, or one of its checkpoints, whose ${role} this run starts with; null for random weights. Relative to the experiment file.`,
        ),
        default: null,
      }),
    { expected: 'a path such as "./run" or "./run/checkpoints/step-500", or null' },
  ).optional();

const { updates } = parameterShape({ updates: criticStepsNumber });
const untilOptimalText =
  'Updates the critic until it stops improving: the mean of the estimate is compared between two windows of updates.';
const untilOptimal = objectSchema(
  parameterShape(untilOptimalSettings),
  '"untilOptimal"',
  '{ "tolerance": 0.01, "max": 200 }',
  untilOptimalText,
);
const criticRule = objectSchema({ untilOptimal }, '"criticSteps"', '{ "untilOptimal": { "max": 200 } }');
const authors = z.literal('authors').meta(hoverText(authorsSchedule.text));
const criticStepsText = `${criticStepsNumber.text} Or "authors": ${authorsSchedule.text} Or { "untilOptimal": {} }: until the critic stops improving.`;
const criticSteps = withErrorHints(
  z
    .union([updates.unwrap(), authors, criticRule])
    .meta({ ...hoverText(criticStepsText), default: criticStepsNumber.default }),
  {
    expected: 'a whole number from 1 to 10,000, "authors", or an object such as { "untilOptimal": { "max": 200 } }',
    known: ['authors'],
    pick: (value) => (typeof value === 'number' ? updates.unwrap() : isRecord(value) ? criticRule : undefined),
  },
);

const { rows, columns } = parameterShape(gridSettings);
const grid = withErrorHints(
  z.tuple([rows.unwrap(), columns.unwrap()]).meta({
    ...hoverText('Rows and columns of the sample grid.'),
    default: [gridSettings.rows.default, gridSettings.columns.default],
  }),
  { expected: `two whole numbers from 1 to ${gridSettings.rows.maximum}`, example: '[8, 8]' },
);

const metricList = withErrorHints(
  uniqueBy(idSchema(metrics), (id) => id).meta({
    ...hoverText(
      'Metrics computed from the samples. Default: "modes" and "w1" if they fit the data; the others only if they are named.',
    ),
    uniqueItems: true,
  }),
  { expected: `a list such as [${jsonList(Object.keys(metrics).slice(0, 3))}]` },
);

export const experimentSchema = objectSchema(
  {
    $schema: withErrorHints(z.string().meta(hoverText('The JSON Schema of this file, for editors.')), {
      expected: 'text',
    }).optional(),
    name: name.optional(),
    preset: preset.optional(),
    data: entrySchema('source', dataSources, 'data source'),
    latent: objectSchema(
      parameterShape(latentSettings),
      'the latent vector',
      '{ "size": 2 }',
      'The random vector that the generator turns into a sample.',
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
      'Techniques that stabilize training, in addition to the constraint.',
    ).optional(),
    initialWeights: objectSchema(
      { generator: weightsOf('generator'), critic: weightsOf('critic') },
      '"initialWeights"',
      '{ "generator": "./run" }',
      'Networks of other runs to start with, for example to fine-tune a generator or to train a new critic for it.',
    ).optional(),
    criticSteps: criticSteps.optional(),
    ...parameterShape(runSettings),
    optimizer: optimizer.optional(),
    samples: objectSchema(
      { ...parameterShape(samplesSettings), grid: grid.optional() },
      '"samples"',
      '{ "every": 200 }',
      'How often sample grids are drawn and metrics computed, and the size of the grid.',
    ).optional(),
    checkpoints: objectSchema(
      parameterShape(checkpointsSettings),
      '"checkpoints"',
      '{ "every": 500, "keep": 3 }',
      'How often a checkpoint is saved, by steps and by time, and how many are kept.',
    ).optional(),
    metrics: metricList.optional(),
    evaluation: objectSchema(
      parameterShape(evaluationSettings),
      '"evaluation"',
      '{ "samples": 1000, "features": "./inception.onnx" }',
      'How the metrics of a classifier ("classes") and of a feature network ("fid" and others) are computed during training.',
    ).optional(),
    health: objectSchema(
      parameterShape(healthSettings),
      '"health"',
      '{ "laggingCritic": null }',
      'Thresholds of the warnings about a run that trains but does not learn; null turns one off.',
    ).optional(),
  },
  'an experiment',
  '{ "data": { "source": "gaussians-ring" } }',
);

/** The content of an experiment file. */
export type ExperimentFile = z.infer<typeof experimentSchema>;
