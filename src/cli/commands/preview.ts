// `earthmover preview`: the data of an experiment file as training will see them, as a picture and in figures.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  cacheFolder,
  createWorkerPool,
  isDataError,
  openSource,
  type DataSource,
  type DataTasks,
} from '../../data/index';
import { type Experiment } from '../../experiment/experiment';
import { renderSampleGrid } from '../../run/images/sampleGrid';
import { renderScatterPlot } from '../../run/images/scatterPlot';
import type { PngImage } from '../../run/images/pngImage';
import { slug } from '../../run/directory';
import { settingError } from '../../trainer/inputErrors';
import { type Context, type CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { checkFile, printProblems } from '../experimentFile';
import { toJson } from '../output';
import { type previewOptions } from './options';
import { taskWorker } from '../paths';
import { dataStatistics, statisticsText, type SampledSplit } from '../dataStatistics';
import { onInterrupt } from '../interrupts';
import { clean } from '../../shared/text';

export const preview: CommandHandler<typeof previewOptions> = async (context, { values, rest }) => {
  const { experiment, source, problems } = checkFile(rest[0]);
  printProblems(problems, context.err, values.json && !experiment ? context.out : undefined);
  if (!experiment) return exitCode.badInput;
  const out = path.resolve(values.out ?? `${slug(experiment.name)}-preview.png`);
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort(new Error('interrupted')));
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

/** The first samples of each part: those of the first batch, as many as a picture shows and figures need. */
const shown = { images: 64, points: 4096 } as const;
const measured = 1024;

async function show(
  { out }: Context,
  experiment: Experiment,
  data: DataSource,
  file: string,
  json?: true,
): Promise<void> {
  const { seed } = experiment;
  const length = data.shape.reduce((product, axis) => product * axis, 1);
  const most = data.shape.length === 1 ? shown.points : Math.max(shown.images, measured);
  const part = (name: SampledSplit['name'], size: number): SampledSplit => {
    const samples = new Float32Array(Math.min(size, most) * length);
    if (samples.length > 0)
      data[name === 'training' ? 'batch' : 'validationBatch']({ seed, stream: 'data', step: 0 }, samples);
    return { name, size, samples };
  };
  const held = experiment.data.validation > 0 ? data.validationSize : 0;
  const parts = [part('training', data.size), part('held out', held)] as const;
  data.close?.();
  const facts = dataStatistics(data, parts);
  const pictures = data.shape.length === 1 ? await scatter(parts, file) : await grids(parts, data.shape, file);
  for (const { to, picture } of pictures) writePicture(to, picture);
  if (json) {
    for (const message of data.notes) out.line(toJson({ event: 'notice', level: 'info', message }));
    out.line(toJson({ event: 'preview', ...facts, pictures: pictures.map(({ to }) => to) }));
    return;
  }
  for (const line of [...data.notes, ...statisticsText(facts)]) out.line(clean(line));
  for (const { to, says } of pictures) out.line(clean(`${says}: ${to}`));
}

interface Drawn {
  readonly to: string;
  readonly picture: PngImage;
  readonly says: string;
}

/** Points of both parts in one picture: those for training in grey, those held out in colour. */
async function scatter([training, held]: readonly [SampledSplit, SampledSplit], to: string): Promise<Drawn[]> {
  const picture = await renderScatterPlot(training.samples, held.samples);
  return [{ to, picture, says: held.size > 0 ? 'Training in grey, held out in colour' : 'Picture' }];
}

/** A grid for each part that has images; the second beside the first, with "held-out" in its name. */
async function grids(parts: readonly SampledSplit[], shape: readonly number[], file: string): Promise<Drawn[]> {
  const length = shape.reduce((product, axis) => product * axis, 1);
  const drawn: Drawn[] = [];
  for (const { name, size, samples } of parts.filter(({ samples }) => samples.length > 0)) {
    const count = Math.min(shown.images, size);
    const columns = Math.ceil(Math.sqrt(count));
    const picture = await renderSampleGrid(
      samples.subarray(0, count * length),
      shape,
      Math.ceil(count / columns),
      columns,
    );
    const { dir, name: stem, ext } = path.parse(file);
    const to = name === 'training' ? file : path.join(dir, `${stem}-held-out${ext}`);
    drawn.push({ to, picture, says: name === 'training' ? 'Training' : 'Held out' });
  }
  return drawn;
}

function writePicture(file: string, { png }: PngImage): void {
  try {
    writeFileSync(file, png);
  } catch (error) {
    throw errors.cannotWrite(file, error as NodeJS.ErrnoException);
  }
}

/** Long preparations say how far they are, on stderr. */
function progressOn({ err }: Context, json?: true) {
  let told = performance.now();
  return (done: number, total: number): void => {
    if (json || performance.now() - told < 2000) return;
    told = performance.now();
    err.line(`Reading samples: ${done} of ${total}.`);
  };
}
