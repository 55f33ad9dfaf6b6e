// docs/reference.md: every key of experiment files and every lint rule, generated from the catalog and the rules.
import { ZodOptional, type ZodType } from 'zod';
import * as catalog from '../../src/catalog';
import type { Descriptor, Descriptors, Entry } from '../../src/catalog';
import { rules } from '../../src/experiment';
import type { Rule } from '../../src/experiment/lint/rule';
import { sweepSchema } from '../../src/sweep/schema';
import { parameterHints } from '../../src/experiment/errorHints';
import { hintsAt } from '../../src/experiment/schemaErrors';
import { blocks, code, generated, table } from './markdown';
import { sweepRuleRows } from './sweepRules';

export function reference(): string {
  return `${blocks(
    '# Experiment files',
    generated,
    'Experiment files end in `.gan.json`. They are JSON with comments and trailing commas. Only `data` is required; everything else has a default or comes from a `preset`. The editor shows the same texts in completions and hovers.',
    '```jsonc\n{ "data": { "source": "gaussians-ring" } }\n```',
    '## The run',
    settings(catalog.runSettings),
    '`criticSteps` is one of:',
    criticSteps(),
    section('Data', 'data', 'source', 'The samples that the generator learns to imitate.', catalog.dataSources),
    section('Networks', 'generator` and `critic', 'network', networkText, catalog.networks),
    '## Latent (`latent`)',
    settings(catalog.latentSettings),
    section('Objectives', 'objective', 'kind', objectiveText, catalog.objectives, estimates),
    '### Divergences of `f-gan`',
    table(
      ['id', 'f(u), u = p/q', 'estimate'],
      Object.entries<catalog.DivergenceEntry>(catalog.divergences).map(([id, { f, estimate, caution = '' }]) => [
        code(id),
        f,
        `${estimate.text} ${caution}`.trim(),
      ]),
    ),
    section('Constraints', 'constraint', 'kind', constraintText, catalog.constraints),
    '## Stabilization (`stabilization`)',
    settings(catalog.stabilizationSettings),
    '`instanceNoise`: Gaussian noise that is added to the inputs of the critic and fades out. `null` for none, or an object with:',
    settings(catalog.instanceNoiseSettings),
    '`weightDecay`: `null` for none, or an object with:',
    settings(catalog.weightDecaySettings),
    '## Initial weights (`initialWeights`)',
    'Networks of other runs to start with, `{ "generator": path, "critic": path }`, each a run directory or one of its checkpoints, relative to the experiment file; `null` for random weights. A generator with a learning rate of 0 stays as it is, so that a new critic can be trained for it.',
    section('Optimizers', 'optimizer', 'kind', optimizerText, catalog.optimizers),
    section(
      'Metrics',
      'metrics',
      undefined,
      'Numbers computed from generated samples: a list of ids.',
      catalog.metrics,
    ),
    '`evaluation`: how "classes", "fid", "kid", "precision-recall" and "density-coverage" are computed during training ([metrics](metrics.md#during-training)).',
    settings(catalog.evaluationSettings),
    '## Samples and checkpoints',
    '`samples`:',
    settings(catalog.samplesSettings),
    '`grid` in `samples`: rows and columns of the sample image, a list of two numbers.',
    settings(catalog.gridSettings),
    '`checkpoints`:',
    settings(catalog.checkpointsSettings),
    '## Health watch (`health`)',
    'Thresholds of the [warnings about a run that does not learn](run-directory.md#warnings-about-a-run-that-does-not-learn). `null` turns a warning off.',
    settings(catalog.healthSettings),
    '## Presets (`preset`)',
    'Combinations of settings with values from the given source. Keys of the file override them.',
    ...Object.entries<catalog.PresetEntry>(catalog.presets).map(([id, preset]) =>
      blocks(`### ${code(id)}: ${preset.title}`, preset.text, `*${preset.source}*`, json(preset.settings)),
    ),
    '## Lint rules',
    'Problems that `earthmover lint` and the editor report in a valid experiment file. An error means that the run would fail or be meaningless; a warning means that the setting is probably a mistake.',
    table(
      ['id', 'severity', 'why', 'source'],
      Object.entries<Rule>(rules).map(([id, { severity, why, source = '' }]) => [code(id), severity, why, source]),
    ),
    sweepFiles(),
  )}\n`;
}

/** The keys of sweep files; docs/sweeps.md explains them. */
function sweepFiles(): string {
  const { result, sample, limits, slurm } = sweepSchema.shape;
  return blocks(
    '## Sweep files',
    'Sweep files end in `.sweep.json`; [sweeps](sweeps.md) explains them. Only `experiment` is required.',
    keys(sweepSchema.shape),
    '### `sample`',
    keys(sample.unwrap().shape, catalog.sampleSettings),
    '### `result`',
    keys(result.unwrap().shape, catalog.resultSettings),
    '### `limits`',
    keys(limits.unwrap().shape, catalog.limitsSettings),
    '### `slurm`',
    keys(slurm.unwrap().shape, catalog.slurmSettings),
    '### Rules of sweep files',
    'Problems that `earthmover sweep` and the editor report in a valid sweep file, each with the message for an example. Problems of a trial, by the lint rules above, are reported at the setting of the sweep that causes them, once for all trials.',
    table(['id', 'severity', 'message', 'why'], sweepRuleRows()),
  );
}

/** The keys of an object of the schema: what they may be, and their hover texts. */
function keys(shape: Readonly<Record<string, unknown>>, descriptors: Descriptors = {}): string {
  const rows = Object.entries(shape as Record<string, ZodType>).flatMap(([key, schema]) => {
    if (key.startsWith('$')) return [];
    const descriptor = Object.hasOwn(descriptors, key) ? descriptors[key] : undefined;
    const required = !schema.safeParse(undefined).success;
    const usual = descriptor?.default === undefined ? (required ? 'required' : '') : defaultText(descriptor);
    const hints = descriptor ? parameterHints(descriptor) : hintsAt(schema);
    return [[code(key), hints?.expected ?? '', usual, descriptor?.text ?? hoverOf(schema)]];
  });
  return table(['key', 'value', 'default', 'meaning'], rows);
}

/** The hover text of a schema, or of the one that it makes optional. */
const hoverOf = (schema: ZodType): string =>
  schema.meta()?.description ?? (schema instanceof ZodOptional ? hoverOf(schema.unwrap() as ZodType) : '');

const networkText =
  'A built-in network, or `{ "module": "./models/critic.ts", "export": "critic" }` for your own function that returns a TensorFlow.js model.';
const objectiveText = 'The losses that critic and generator minimize: an id or an object with parameters.';
const constraintText =
  'Bounds on the gradients of the critic: one constraint, a list of them, or `null`. Each is an id or an object with parameters.';
const optimizerText = 'One optimizer for both networks, or `{ "generator": { ... }, "critic": { ... } }`.';

type Table = Readonly<Record<string, Entry>>;

function section<T extends Table>(
  title: string,
  key: string,
  tag: string | undefined,
  text: string,
  entries: T,
  more: (id: keyof T) => string | undefined = () => undefined,
): string {
  const heading = (id: string) => (tag === undefined ? code(id) : `\`"${tag}": "${id}"\``);
  return blocks(
    `## ${title} (\`${key}\`)`,
    text,
    ...Object.entries(entries).map(([id, entry]) =>
      blocks(
        `### ${heading(id)}: ${entry.title}`,
        entry.text,
        entry.formula && `\`\`\`text\n${entry.formula}\n\`\`\``,
        more(id),
        entry.source && `*${entry.source}*`,
        settings(entry.parameters),
      ),
    ),
  );
}

/** The estimate of an objective, and its theoretical value. */
function estimates(id: catalog.ObjectiveId): string {
  const { label, text, theory }: catalog.Estimate = catalog.objectives[id].estimate;
  return `Estimate: ${label}. ${text}${theory === undefined ? '' : ` The chart shows a line at ${theory.label}.`}`;
}

function criticSteps(): string {
  const { authorsSchedule, criticStepsNumber, untilOptimalSettings } = catalog;
  return blocks(
    table(
      ['value', 'meaning'],
      [
        [parameterHints(criticStepsNumber).expected, criticStepsNumber.text],
        ['`"authors"`', `${authorsSchedule.text} *${authorsSchedule.source}*`],
        ['`{ "untilOptimal": { ... } }`', 'Until the critic stops improving, with these settings:'],
      ],
    ),
    settings(untilOptimalSettings),
  );
}

function settings(descriptors: Descriptors): string {
  const rows = Object.entries<Descriptor>(descriptors).map(([key, descriptor]) => [
    code(key),
    parameterHints(descriptor).expected,
    descriptor.unit ?? '',
    defaultText(descriptor),
    descriptor.text,
  ]);
  return rows.length === 0 ? '' : table(['key', 'value', 'unit', 'default', 'meaning'], rows);
}

function defaultText({ default: value }: Descriptor): string {
  if (value === undefined) return 'required';
  if (typeof value !== 'object' || value === null) return code(JSON.stringify(value));
  return Object.entries(value)
    .map(([where, inner]) => `${code(JSON.stringify(inner))} (${where})`)
    .join(', ');
}

const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
