// `earthmover sample` and `earthmover interpolate`: samples of a run's generator by seed, and between two seeds.
import path from 'node:path';
import { clean, plural } from '../../shared/text';
import type { ExploredSamples } from '../../trainer/exploreLatents';
import { wholeNumber } from '../arguments';
import { checkpointChoice } from '../checkpointChoice';
import type { CommandHandler, Context } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { runDirectory } from '../runDirectory';
import { shortPath } from '../summary';
import type { interpolateOptions, sampleOptions } from './options';

const sampleFormats = { png: '-samples', grid: '-samples.png', npz: '-samples.npz' } as const;
const interpolationFormats = { png: '-interpolation.png', gif: '-interpolation.gif' } as const;

/** Samples are generated in memory. */
const maxSamples = 1_000_000;
/** The seeds of the samples after the first one are exact, too. */
const maxSeed = Number.MAX_SAFE_INTEGER - maxSamples;

export const sample: CommandHandler<typeof sampleOptions> = async (context, { values, rest }) => {
  const run = runDirectory(rest[0]);
  const format = formatOf(values.format, sampleFormats);
  const near = positive('--near', values.near, '0.2');
  if (near !== null && near > 1) throw errors.notAShare('--near', values.near ?? '');
  const { writeSamples } = await import('../../trainer/train');
  const written = await writeSamples({
    run,
    format,
    near,
    out: path.resolve(values.out ?? `${path.basename(run)}${sampleFormats[format]}`),
    count: wholeNumber('--count', values.count, { least: 1, most: maxSamples, example: '16' }) ?? 16,
    seed: wholeNumber('--seed', values.seed, { least: 0, most: maxSeed, example: '1' }) ?? 0,
    truncation: positive('--truncation', values.truncation, '0.7'),
    checkpoint: checkpointChoice(values),
  });
  const what = plural(written.count, 'sample');
  return report(context, { event: 'sample', run, format }, written, what, values.json === true);
};

export const interpolate: CommandHandler<typeof interpolateOptions> = async (context, { values, rest }) => {
  const run = runDirectory(rest[0]);
  const format = formatOf(values.format, interpolationFormats);
  const seed = { least: 0, example: '1' };
  const { writeInterpolation } = await import('../../trainer/train');
  const written = await writeInterpolation({
    run,
    format,
    out: path.resolve(values.out ?? `${path.basename(run)}${interpolationFormats[format]}`),
    from: wholeNumber('--from', values.from, seed) ?? 0,
    to: wholeNumber('--to', values.to, seed) ?? 1,
    steps: wholeNumber('--steps', values.steps, { least: 2, most: maxSamples, example: '8' }) ?? 8,
    truncation: positive('--truncation', values.truncation, '0.7'),
    checkpoint: checkpointChoice({ checkpoint: values.checkpoint }),
  });
  const what = `${plural(written.count, 'sample')} of an interpolation`;
  return report(context, { event: 'interpolation', run, format }, written, what, values.json === true);
};

function report({ out, err }: Context, facts: object, written: ExploredSamples, what: string, json: boolean): number {
  const { notes, ...rest } = written;
  for (const note of notes) err.line(`warning: ${clean(note)}`);
  if (json) out.line(toJson({ ...facts, ...rest, notes }));
  else out.line(`Wrote ${what} of step ${written.step} to ${shortPath(written.out)}.`);
  return exitCode.ok;
}

function formatOf<F extends string>(text: string | undefined, formats: Readonly<Record<F, string>>): F {
  const names = Object.keys(formats) as F[];
  const found = names.find((each) => each === (text ?? names[0]));
  if (found === undefined) throw errors.notOneOf('--format', text ?? '', names);
  return found;
}

/** A number above 0; null if the option is missing. */
function positive(option: string, text: string | undefined, example: string): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < least)
    throw errors.tooSmall(option, text, least, example);
  return value;
}

/** Below it, nearly all latent numbers would be drawn again. */
const least = 0.01;
