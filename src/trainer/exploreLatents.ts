// Samples of a run's generator by seed, for files: one by one, as a grid or as an array; and between two seeds.
import path from 'node:path';
import { dataSources, type LatentConfig } from '../catalog';
import { lerp, slerp, truncate } from '../math/latents';
import type { Key } from '../math/random';
import { runError } from '../run/errors';
import { makeFolder, replaceFile } from '../run/diskAccess';
import {
  openExportSource,
  requireNewFile,
  writeExport,
  type CheckpointChoice,
  type ExportSource,
} from '../run/export/exportFile';
import { encodeNpz } from '../run/export/npz';
import { renderPointPlot } from '../run/images/pointPlot';
import { renderScatterPlot } from '../run/images/scatterPlot';
import { renderSampleGrid } from '../run/images/sampleGrid';
import { renderLoop, renderPlotLoop, renderSample, scaleOf } from '../run/images/sampleImages';
import { sizeOfShape } from '../shared/shape';
import { openGeneratorSampler } from './evaluation/generatorSampler';
import { fillLatent } from './prefetch/randomInputs';

interface Common {
  /** The run directory. */
  readonly run: string;
  /** The file or folder to write. */
  readonly out: string;
  /** By default the newest checkpoint. */
  readonly checkpoint?: CheckpointChoice;
  /** Limit of normal latent numbers, or the share of the range of uniform ones; null for none. */
  readonly truncation: number | null;
}

export interface SampleRequest extends Common {
  /** The seed of the first sample; the others have the next ones. */
  readonly seed: number;
  readonly count: number;
  readonly format: 'png' | 'grid' | 'npz';
  /** Instead of samples of their own, those this share of the way from the sample of `seed` to them; null for none. */
  readonly near: number | null;
}

export interface InterpolationRequest extends Common {
  /** Seeds. */
  readonly from: number;
  readonly to: number;
  /** Samples, including both ends. */
  readonly steps: number;
  readonly format: 'png' | 'gif';
}

export interface ExploredSamples {
  readonly out: string;
  /** Of the checkpoint. */
  readonly step: number;
  readonly files: number;
  readonly count: number;
  readonly shape: readonly number[];
  /** Notices for the user, in full sentences. */
  readonly notes: readonly string[];
}

/**
 * The latent vector of a seed: the same for every count, format and checkpoint of a run. Throws a UserError if the
 * truncation does not fit the distribution.
 */
function latentOf({ size, distribution }: LatentConfig, seed: number, truncation: number | null): Float32Array {
  const key: Key = { seed, stream: 'explored latent', step: 0 };
  const z = new Float32Array(size);
  fillLatent(z, { size, distribution }, key);
  if (truncation === null) return z;
  if (distribution === 'normal') {
    truncate(z, truncation, key);
    return z;
  }
  if (truncation > 1)
    throw runError(
      'mismatch',
      `The latent numbers of the run are uniform, so --truncation is a share of their range of at most 1, got ${truncation}.`,
    );
  const center = distribution === 'uniform' ? 0 : 0.5;
  return z.map((value) => center + truncation * (value - center));
}

/** Between two latent vectors: on the sphere for normal ones, on the line for uniform ones. */
const between = ({ distribution }: LatentConfig, a: Float32Array, b: Float32Array, t: number): Float32Array =>
  distribution === 'normal' ? slerp(a, b, t) : lerp(a, b, t);

/** Writes samples of consecutive seeds. Throws a UserError, and writes nothing, if they cannot be drawn. */
export async function writeSamples(request: SampleRequest): Promise<ExploredSamples> {
  const { seed, count, format, truncation, near } = request;
  const out = requireNewFile(request.out);
  const source = await openExportSource(request.run, request.checkpoint ?? Infinity);
  const { latent } = source.experiment;
  const seeds = Array.from({ length: count }, (_, k) => seed + k);
  const own = seeds.map((each) => latentOf(latent, each, truncation));
  const latents = near === null ? own : own.map((z) => between(latent, own[0], z, near));
  const { samples, shape, notes } = await generate(source, latents);
  const facts = { out, step: source.checkpoint.step, count, shape, notes };
  if (format === 'npz') {
    const arrays = {
      samples: { shape: [count, ...shape], data: samples },
      latents: { shape: [count, latent.size], data: concatenated(latents) },
    };
    // Numbers beyond 32 bits are of no use as names either.
    const named = seeds.every((each) => each < 2 ** 31)
      ? { ...arrays, seeds: { shape: [count], data: Int32Array.from(seeds) } }
      : arrays;
    writeExport(out, encodeNpz(named));
    return { ...facts, files: 1 };
  }
  if (!arePictures(source)) {
    // Around the samples themselves: the data need not be there.
    writeExport(out, (await renderPointPlot(samples, samples, sizeOfShape(shape))).png);
    return { ...facts, files: 1 };
  }
  if (format === 'grid') {
    const columns = Math.ceil(Math.sqrt(count));
    writeExport(out, (await renderSampleGrid(samples, shape, Math.ceil(count / columns), columns)).png);
    return { ...facts, files: 1 };
  }
  makeFolder(out);
  const each = sizeOfShape(shape);
  for (const [k, name] of seeds.entries()) {
    const png = await renderSample(samples.subarray(k * each, (k + 1) * each), shape);
    replaceFile(path.join(out, `seed-${String(name).padStart(6, '0')}.png`), png);
  }
  return { ...facts, files: count };
}

/** Writes samples between two seeds, as a strip or as an animation; for points, as their path over other samples. */
export async function writeInterpolation(request: InterpolationRequest): Promise<ExploredSamples> {
  const { from, to, steps, format, truncation } = request;
  const out = requireNewFile(request.out);
  const source = await openExportSource(request.run, request.checkpoint ?? Infinity);
  const { latent } = source.experiment;
  const [a, b] = [from, to].map((seed) => latentOf(latent, seed, truncation));
  const latents = Array.from({ length: steps }, (_, k) => between(latent, a, b, k / (steps - 1)));
  const others = arePictures(source) ? [] : Array.from({ length: surrounding }, (_, k) => latentOf(latent, k, null));
  const { samples: all, shape, notes } = await generate(source, [...latents, ...others]);
  const each = sizeOfShape(shape);
  const samples = all.subarray(0, steps * each);
  const content = arePictures(source)
    ? format === 'png'
      ? (await renderSampleGrid(samples, shape, 1, steps, scaleOf(shape, 96))).png
      : await renderLoop(samples, shape, steps)
    : await renderPath(all.subarray(steps * each), samples, each, format);
  writeExport(out, content);
  return { out, step: source.checkpoint.step, count: steps, files: 1, shape, notes };
}

/** Samples of other seeds, among which the path of an interpolation is drawn. */
const surrounding = 1000;

/** Points [steps, dimensions] over `others`: all in one plot, or in an animation that adds one after the other. */
async function renderPath(
  others: Float32Array,
  points: Float32Array,
  dimensions: number,
  format: InterpolationRequest['format'],
): Promise<Uint8Array> {
  const plot = async (path: Float32Array) =>
    (dimensions === 2
      ? await renderScatterPlot(others, path, { path: true })
      : await renderPointPlot(others, path, dimensions)
    ).png;
  if (format === 'png') return plot(points);
  const plots: Uint8Array[] = [];
  for (let end = dimensions; end <= points.length; end += dimensions) plots.push(await plot(points.subarray(0, end)));
  return renderPlotLoop(plots);
}

const arePictures = ({ experiment }: ExportSource): boolean => dataSources[experiment.data.source].gives === 'images';

async function generate(source: ExportSource, latents: readonly Float32Array[]) {
  const sampler = await openGeneratorSampler(source);
  try {
    const samples = await sampler.generate(concatenated(latents));
    const { samples: settings } = source.experiment;
    const batchNote =
      settings.batchNormStatistics === 'batch' && sampler.hasBuffers
        ? [
            'The experiment generates samples with batch statistics ("samples.batchNormStatistics"): a sample depends on the others in its batch.',
          ]
        : [];
    return { samples, shape: sampler.shape, notes: [...source.damaged, ...sampler.notices, ...batchNote] };
  } finally {
    await sampler.dispose();
  }
}

function concatenated(arrays: readonly Float32Array[]): Float32Array {
  const length = arrays.reduce((sum, each) => sum + each.length, 0);
  const all = new Float32Array(length);
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
