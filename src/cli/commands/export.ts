// `earthmover export`: exports the generator of a run as a TensorFlow.js model or an ONNX file, or its samples as a
// GIF.
import path from 'node:path';
import { exportGenerator } from '../../run/export/tfjsModel';
import { type CommandHandler } from '../command';
import { wholeNumber } from '../arguments';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { type exportOptions } from './options';
import { exportedLayers } from '../bundlePaths';
import { runDirectory } from '../runDirectory';
import { checkpointChoice } from '../checkpointChoice';
import type { CheckpointChoice } from '../../run/export/exportFile';
import { shortPath } from '../summary';
import { clean } from '../../shared/text';

interface ExportRequest {
  readonly run: string;
  readonly out: string;
  readonly checkpoint?: CheckpointChoice;
  readonly batch?: number;
}

interface ExportResult {
  /** Properties of the JSON object printed with --json. */
  readonly facts: object;
  readonly text: string;
  readonly notes: readonly string[];
}

interface Format {
  /** Appended to the name of the run for the default output path. */
  readonly suffix: string;
  readonly options: readonly ('step' | 'checkpoint' | 'batch')[];
  run(request: ExportRequest): Promise<ExportResult>;
}

const formats = {
  tfjs: {
    suffix: '-generator',
    options: ['step', 'checkpoint'],
    run: async ({ run, out, checkpoint }) => {
      const { notes, ...facts } = await exportGenerator(run, out, exportedLayers, checkpoint);
      const text = `Exported the generator of step ${facts.step} to ${shortPath(facts.directory)}; see its README.md for usage.`;
      return { facts, text, notes };
    },
  },
  onnx: {
    suffix: '-generator.onnx',
    options: ['step', 'checkpoint', 'batch'],
    run: async ({ run, out, checkpoint, batch }) => {
      const { exportOnnx } = await import('../../trainer/train');
      const { notes, ...facts } = await exportOnnx({ run, file: out, checkpoint, batch });
      const batchSize = facts.batch ?? 'batch';
      const text =
        `Exported the generator of step ${facts.step} to ${shortPath(facts.file)}: ` +
        `z [${batchSize}, ${facts.latent}] to samples [${[batchSize, ...facts.shape].join(', ')}].`;
      return { facts, text, notes };
    },
  },
  gif: {
    suffix: '-training.gif',
    options: [],
    run: async ({ run, out }) => {
      const { exportAnimation } = await import('../../trainer/train');
      const facts = await exportAnimation(run, out);
      const { frames, images, steps, seconds } = facts;
      const total = frames < images ? ` of ${images}` : '';
      const text = `Exported ${frames}${total} sample grids (steps ${steps[0]} to ${steps[1]}, ${seconds.toFixed(1)} s) to ${shortPath(facts.file)}.`;
      return { facts, text, notes: [] };
    },
  },
} as const satisfies Record<string, Format>;

type FormatName = keyof typeof formats;

export const exportRun: CommandHandler<typeof exportOptions> = async ({ out, err }, { values, rest }) => {
  const names = Object.keys(formats) as FormatName[];
  const name = names.find((known) => known === (values.format ?? 'tfjs'));
  if (!name) throw errors.notOneOf('--format', values.format ?? '', names);
  const format: Format = formats[name];
  for (const option of ['step', 'checkpoint', 'batch'] as const)
    if (values[option] !== undefined && !format.options.includes(option))
      throw errors.optionOfOtherFormat(option, name);
  const run = runDirectory(rest[0]);
  const result = await format.run({
    run,
    out: path.resolve(values.out ?? `${path.basename(run)}${format.suffix}`),
    checkpoint: checkpointChoice(values),
    batch: wholeNumber('--batch', values.batch, { least: 1, example: '16' }),
  });
  for (const note of result.notes) err.line(`warning: ${clean(note)}`);
  if (values.json) out.line(toJson({ event: 'export', run, format: name, ...result.facts, notes: result.notes }));
  else out.line(result.text);
  return exitCode.ok;
};
