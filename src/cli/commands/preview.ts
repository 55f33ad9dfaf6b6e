// `earthmover preview`: shows the training data of an experiment file as an image and as statistics.
import { closeSync, fstatSync, lstatSync } from 'node:fs';
import path from 'node:path';
import { openOrdinary } from '../../files/ordinaryFile';
import { readAt } from '../../files/readWrite';
import { cacheFolder, createWorkerPool, isDataError, openSource, type DataSource, type DataTasks } from '../../data';
import { type Experiment } from '../../experiment/experiment';
import { renderSampleGrid } from '../../run/images/sampleGrid';
import { renderPointPlot } from '../../run/images/pointPlot';
import type { PngImage } from '../../run/images/pngImage';
import { onDisk } from '../../run/diskAccess';
import { writeExport } from '../../run/export/exportFile';
import { slug } from '../../run/directory';
import { settingError } from '../../trainer/inputErrors';
import { type Context, type CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { usableExperiment } from '../experimentFile';
import { toJson } from '../output';
import { type previewOptions } from './options';
import { taskWorker } from '../bundlePaths';
import { dataStatistics, statisticsText, type SampledSplit } from '../dataStatistics';
import { onInterrupt } from '../interrupts';
import { sizeOfShape } from '../../shared/shape';
import { outputMark } from '../../shared/outputMark';
import { clean } from '../../shared/text';

export const preview: CommandHandler<typeof previewOptions> = async (context, { values, rest }) => {
  const { experiment, source } = usableExperiment(context, rest[0]);
  const out = path.resolve(values.out ?? `${slug(experiment.name)}-preview.png`);
  requireReplaceable(out);
  const abort = new AbortController();
  const release = onInterrupt({ onFirst: () => abort.abort() });
  const workers = createWorkerPool<DataTasks>(taskWorker, 2);
  try {
    const open = { folder: path.dirname(source.path), workers, signal: abort.signal };
    const data = await openSource(experiment.data, {
      ...open,
      seed: experiment.seed,
      cacheFolder: cacheFolder(),
      onProgress: progressOn(context, values.json),
    }).catch((error: unknown) => {
      throw isDataError(error) ? settingError(source, error.code, error.path, error.message) : error;
    });
    await show(context, experiment, data, out, values.json);
    return exitCode.ok;
  } catch (error) {
    if (abort.signal.aborted) return exitCode.interrupted;
    throw error;
  } finally {
    release();
    await workers.close();
  }
};

/** Number of samples in an image. */
const shown = { images: 64, points: 4096 } as const;
/** Number of images for statistics. */
const statisticsSamples = 1024;

async function show(
  { out }: Context,
  experiment: Experiment,
  data: DataSource,
  file: string,
  json?: true,
): Promise<void> {
  const { seed } = experiment;
  const length = sizeOfShape(data.shape);
  const most = data.shape.length === 1 ? shown.points : Math.max(shown.images, statisticsSamples);
  const sampleSplit = (name: SampledSplit['name'], size: number): SampledSplit => {
    const samples = new Float32Array(Math.min(size, most) * length);
    if (samples.length > 0)
      data[name === 'training' ? 'batch' : 'validationBatch']({ seed, stream: 'data', step: 0 }, samples);
    return { name, size, samples };
  };
  const held = experiment.data.validation > 0 ? data.validationSize : 0;
  const splits = [sampleSplit('training', data.size), sampleSplit('held out', held)] as const;
  data.close?.();
  const facts = dataStatistics(data, splits);
  const images =
    data.shape.length === 1
      ? await pointPlot(splits, data.shape[0], file)
      : await sampleGrids(splits, data.shape, file);
  for (const { to, image } of images) writeImage(to, image);
  if (json) {
    for (const message of data.notes) out.line(toJson({ event: 'notice', level: 'info', message }));
    out.line(toJson({ event: 'preview', ...facts, images: images.map(({ to }) => to) }));
    return;
  }
  for (const line of [...data.notes, ...statisticsText(facts)]) out.line(clean(line));
  for (const { to, label } of images) out.line(clean(`${label}: ${to}`));
}

interface PreviewImage {
  readonly to: string;
  readonly image: PngImage;
  readonly label: string;
}

/** Points of both splits in one image: training in gray, held out in color. */
async function pointPlot(
  [training, held]: readonly [SampledSplit, SampledSplit],
  dimensions: number,
  to: string,
): Promise<PreviewImage[]> {
  const image = await renderPointPlot(training.samples, held.samples, dimensions);
  return [{ to, image, label: held.size > 0 ? 'Training in gray, held out in color' : 'Image' }];
}

/** A grid for each split that has images; the name of the second file ends in "-held-out". */
async function sampleGrids(
  splits: readonly SampledSplit[],
  shape: readonly number[],
  file: string,
): Promise<PreviewImage[]> {
  const length = sizeOfShape(shape);
  const images: PreviewImage[] = [];
  for (const { name, size, samples } of splits.filter(({ samples }) => samples.length > 0)) {
    const count = Math.min(shown.images, size);
    const columns = Math.ceil(Math.sqrt(count));
    const image = await renderSampleGrid(
      samples.subarray(0, count * length),
      shape,
      Math.ceil(count / columns),
      columns,
    );
    const { dir, name: stem, ext } = path.parse(file);
    const to = name === 'training' ? file : path.join(dir, `${stem}-held-out${ext}`);
    images.push({ to, image, label: name === 'training' ? 'Training' : 'Held out' });
  }
  return images;
}

function writeImage(file: string, { png }: PngImage): void {
  requireReplaceable(file);
  writeExport(file, png);
}

/** Throws a UserError if there is a file that is no earlier preview: it would be lost. */
function requireReplaceable(file: string): void {
  onDisk('write', file, () => {
    if (!lstatSync(file, { throwIfNoEntry: false })) return;
    const fd = openOrdinary(file);
    // Our pictures have the mark near their start.
    const isOurs = readAt(fd, Math.min(2048, fstatSync(fd).size), 0).includes(outputMark);
    closeSync(fd);
    if (!isOurs) throw errors.notAPreview(file);
  });
}

/** Prints the progress of a long preparation to stderr. */
function progressOn({ err }: Context, json?: true) {
  let lastPrinted = performance.now();
  return (done: number, total: number): void => {
    if (json || performance.now() - lastPrinted < 2000) return;
    lastPrinted = performance.now();
    err.line(`Reading samples: ${done} of ${total}`);
  };
}
