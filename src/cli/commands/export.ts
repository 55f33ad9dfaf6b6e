// `earthmover export`: the generator of a run as a TensorFlow.js model or an ONNX file, or its pictures as a GIF.
import path from 'node:path';
import { exportGenerator } from '../../run/export/generator';
import { type CommandHandler } from '../command';
import { wholeNumber } from '../arguments';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { type exportOptions } from './options';
import { exportedLayers, runDirectory } from '../paths';
import { shortPath } from '../summary';
import { clean } from '../../shared/text';

interface ExportRequest {
  readonly run: string;
  readonly out: string;
  readonly step?: number;
  readonly batch?: number;
}

interface ExportResult {
  /** What is told with --json. */
  readonly facts: object;
  readonly text: string;
  readonly notes: readonly string[];
}

interface Format {
  /** What stands behind the name of the run. */
  readonly suffix: string;
  readonly options: readonly ('step' | 'batch')[];
  make(wish: ExportRequest): Promise<ExportResult>;
}

const formats = {
  tfjs: {
    suffix: '-generator',
    options: ['step'],
    make: async ({ run, out, step }) => {
      const { notes, ...facts } = await exportGenerator(run, out, exportedLayers, step);
      const text = `The generator of step ${facts.step} is in ${shortPath(facts.directory)}; its README.md says how to use it.`;
      return { facts, text, notes };
    },
  },
  onnx: {
    suffix: '-generator.onnx',
    options: ['step', 'batch'],
    make: async ({ run, out, step, batch }) => {
      const { exportOnnx } = await import('../../trainer/train');
      const { notes, ...facts } = await exportOnnx({ run, file: out, atMost: step, batch });
      const length = facts.batch ?? 'any';
      const text =
        `The generator of step ${facts.step} is ${shortPath(facts.file)}: ` +
        `z [${length}, ${facts.latent}] to samples [${[length, ...facts.shape].join(', ')}].`;
      return { facts, text, notes };
    },
  },
  gif: {
    suffix: '-training.gif',
    options: [],
    make: async ({ run, out }) => {
      const { exportAnimation } = await import('../../trainer/train');
      const facts = await exportAnimation(run, out);
      const { frames, pictures, steps, seconds } = facts;
      const some = frames < pictures ? ` of ${pictures}` : '';
      const text = `${frames}${some} pictures, step ${steps[0]} to ${steps[1]}, ${seconds.toFixed(1)} s, are in ${shortPath(facts.file)}.`;
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
  for (const option of ['step', 'batch'] as const)
    if (values[option] !== undefined && !format.options.includes(option))
      throw errors.optionOfOtherFormat(option, name);
  const run = runDirectory(rest[0]);
  const made = await format.make({
    run,
    out: path.resolve(values.out ?? `${path.basename(run)}${format.suffix}`),
    step: wholeNumber('--step', values.step, { least: 0, example: '1000' }),
    batch: wholeNumber('--batch', values.batch, { least: 1, example: '16' }),
  });
  for (const note of made.notes) err.line(`warning: ${clean(note)}`);
  if (values.json) out.line(toJson({ event: 'export', run, format: name, ...made.facts, notes: made.notes }));
  else out.line(made.text);
  return exitCode.ok;
};
