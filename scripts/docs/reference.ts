// docs/reference.md: every key of an experiment file, and every rule of the linter, from the catalog and the rules themselves.
import * as catalog from '../../src/catalog';
import type { Descriptor, Descriptors, Entry } from '../../src/catalog';
import { rules } from '../../src/experiment';
import type { Rule } from '../../src/experiment/lint/rule';
import { parameterHints } from '../../src/experiment/errorHints';
import { blocks, code, generated, table } from './markdown';

export function reference(): string {
  return `${blocks(
    '# Experiment files',
    generated,
    'An experiment file ends in `.gan.json`. It is JSON with comments and trailing commas. Only `data` must be given; everything else has a default, or comes from a `preset`. The same texts are shown by completion and hover in the editor.',
    '```jsonc\n{ "data": { "source": "gaussians-ring" } }\n```',
    '## The run',
    settings(catalog.runSettings),
    '`criticSteps` is one of',
    criticSteps(),
    section('Data', 'data', 'source', 'What the generator is to imitate.', catalog.dataSources),
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
    '`instanceNoise`: Gaussian noise on real and generated samples before the critic, fading out. `null` for none, or an object with',
    settings(catalog.instanceNoiseSettings),
    '`weightDecay`: weights pulled to zero. `null` for none, or an object with',
    settings(catalog.weightDecaySettings),
    section('Optimizers', 'optimizer', 'kind', optimizerText, catalog.optimizers),
    section('Metrics', 'metrics', undefined, 'Numbers taken of the samples: a list of ids.', catalog.metrics),
    '## Pictures and checkpoints',
    '`samples`',
    settings(catalog.samplesSettings),
    '`grid` in `samples`: rows and columns of the picture, a list of two numbers.',
    settings(catalog.gridSettings),
    '`checkpoints`',
    settings(catalog.checkpointsSettings),
    '## Presets (`preset`)',
    'Settings that belong together, with the numbers of their source. Keys of the file override them.',
    ...Object.entries<catalog.PresetEntry>(catalog.presets).map(([id, preset]) =>
      blocks(`### ${code(id)}: ${preset.title}`, preset.text, `*${preset.source}*`, json(preset.settings)),
    ),
    '## The linter',
    'What `earthmover lint` and the editor say of an experiment that can be read. An error is certain to fail or to mean nothing; a warning is unlikely to be what was wanted.',
    table(
      ['id', 'severity', 'why', 'source'],
      Object.entries<Rule>(rules).map(([id, { severity, why, source = '' }]) => [code(id), severity, why, source]),
    ),
  )}\n`;
}

const networkText =
  'The two players: a network of the catalog, or `{ "module": "./models/critic.ts", "export": "critic" }` for a function of your own that returns a TensorFlow.js model.';
const objectiveText = 'What critic and generator minimise. By its id alone, or an object with its parameters.';
const constraintText =
  'What bounds the slope of the critic: one of these, a list of them, or `null`. By id alone, or an object with parameters.';
const optimizerText =
  'How gradients become updates: one for both networks, or `{ "generator": { ... }, "critic": { ... } }`.';

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

/** What is plotted for an objective, and the value that theory singles out. */
function estimates(id: catalog.ObjectiveId): string {
  const { label, text, theory }: catalog.Estimate = catalog.objectives[id].estimate;
  return `Estimate: ${label}. ${text}${theory === undefined ? '' : ` Theory draws a line at ${theory.label}.`}`;
}

function criticSteps(): string {
  const { authorsSchedule, criticStepsNumber, untilOptimalSettings } = catalog;
  return blocks(
    table(
      ['value', 'meaning'],
      [
        [parameterHints(criticStepsNumber).expected, criticStepsNumber.text],
        ['`"authors"`', `${authorsSchedule.text} *${authorsSchedule.source}*`],
        ['`{ "untilOptimal": { ... } }`', 'Until the critic gains nothing more, with these settings:'],
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
  if (value === undefined) return 'must be given';
  if (typeof value !== 'object' || value === null) return code(JSON.stringify(value));
  return Object.entries(value)
    .map(([where, inner]) => `${code(JSON.stringify(inner))} (${where})`)
    .join(', ');
}

const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
