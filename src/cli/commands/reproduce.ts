// `earthmover reproduce`: lists the claims of the papers, or runs one: trainings, numbers, figure and verdict.
import path from 'node:path';
import { studies, type StudyId } from '../../catalog';
import { type Experiment, parseExperiment } from '../../experiment';
import { lintExperiment } from '../../experiment/lint';
import { nearest } from '../../experiment/suggestions';
import { isFile, removeFile } from '../../files/folder';
import { stopFile } from '../../protocol/reproductions';
import { ignoreInGit } from '../../run/directory';
import { judgment, ownText } from '../../study/report';
import { openStudyFolder, runStudy, settingsTaken, type StudyContext, trainingsOf } from '../../study/runStudy';
import { countedIn } from '../../study/studies';
import { type OwnSettings, StudyInterrupted, type StudySize, type Training } from '../../study/study';
import { type Listener } from '../../trainer/trainerEvents';
import { wholeNumber } from '../arguments';
import { fonts } from '../bundlePaths';
import { type CommandHandler, type Context } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { usableExperiment } from '../experimentFile';
import { alignColumns, duration } from '../format';
import { onInterrupt } from '../interrupts';
import { toJson } from '../output';
import { shortPath } from '../summary';
import { trainOrResume } from '../trainOrResume';
import { type reproduceOptions } from './options';

export const reproduce: CommandHandler<typeof reproduceOptions> = async (context, { values, rest }) => {
  if (rest.length === 0) return list(context, values.json);
  const id = studyNamed(rest[0], rest.length);
  const seeds = wholeNumber('--seeds', values.seeds, { least: 1, example: '5' }) ?? 1;
  const scale = scaleOf(values.scale);
  const count = wholeNumber('--count', values.count, { least: 1, example: '40' });
  if (count !== undefined && !countedIn(id)) throw errors.studyWithoutCount(id, countedStudies());
  const size = { seeds: Array.from({ length: seeds }, (_, k) => k + 1), scale, count };
  const own = rest[1] === undefined ? undefined : ownSettings(context, id, rest[1]);
  const of = own ? `-${path.basename(own.file).replace(/(\.gan)?\.jsonc?$/, '')}` : '';
  const name = `${id}${of}${count === undefined ? '' : `-${count}`}${scale === 1 ? '' : `-scale-${scale}`}`;
  const folder = path.resolve(values.out ?? path.join('.earthmover', 'reproductions', name));
  openStudyFolder(folder);
  if (values.out === undefined) ignoreInGit(path.resolve('.earthmover'));
  const abort = new AbortController();
  const release = onInterrupt({ onFirst: () => abort.abort() });
  const stopRequest = path.join(folder, stopFile);
  // A folder that somebody has put there since is no request, and not removed.
  const isRequested = () => isFile(stopRequest);
  if (isRequested()) removeFile(stopRequest);
  const watch = setInterval(() => isRequested() && abort.abort(), 200);
  const study: StudyContext = {
    folder,
    size,
    own,
    fonts,
    train: trainWith(context, { id, own, json: values.json === true, signal: abort.signal }),
    scores: async (run, samples) => (await import('../../trainer/train')).criticScores(run, samples),
  };
  try {
    if (!values.json) context.out.line(heading(context, id, trainingsOf(id, study).length, own));
    const { holds, verdict, files } = await runStudy(id, study);
    if (values.json) context.out.line(toJson({ event: 'study', id, holds, verdict, ...files }));
    else context.out.line(ending(context, { holds, verdict, files, size }));
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof StudyInterrupted)) throw error;
    context.err.line(
      `Interrupted. Run the same command again to continue: what is trained is kept in ${shortPath(folder)}.`,
    );
    return exitCode.interrupted;
  } finally {
    release();
    clearInterval(watch);
    if (isRequested()) removeFile(stopRequest);
  }
};

function list({ out }: Context, json = false): number {
  const entries = Object.entries(studies);
  if (json) for (const [id, study] of entries) out.line(toJson({ event: 'study', id, ...study }));
  else {
    const rows = entries.map(([id, { title, minutes }]) => [id, title, minutes < 1 ? 'seconds' : `${minutes} min`]);
    const lines = alignColumns([['id', 'title', 'on 2 cores'], ...rows]);
    out.line(out.style.bold(lines[0]));
    entries.forEach(([, { claim, source }], k) => {
      out.line(lines[k + 1]);
      out.line(out.style.dim(`    ${claim} (${source})`));
    });
    out.line('\nRun one:  earthmover reproduce ID');
  }
  return exitCode.ok;
}

function studyNamed(id: string, count: number): StudyId {
  if (Object.hasOwn(studies, id)) return id as StudyId;
  if (count === 1 && /\.jsonc?$/i.test(id)) throw errors.fileWithoutStudy(id, studiesWithFile());
  throw errors.unknownStudy(id, nearest(id, Object.keys(studies)));
}

const studiesWithFile = (): StudyId[] =>
  (Object.keys(studies) as StudyId[]).filter((id) => typeof settingsTaken(id) !== 'string');

/** What the study takes from an experiment file. Throws a UserError if it takes none, or if the file has an error. */
function ownSettings(context: Context, id: StudyId, file: string): OwnSettings {
  const takes = settingsTaken(id);
  if (typeof takes === 'string') {
    throw errors.studyWithoutFile(id, takes, studiesWithFile());
  }
  const { experiment } = usableExperiment(context, file);
  const settings = Object.fromEntries(takes.map((name) => [name, experiment[name]]));
  return { file: path.resolve(file), settings };
}

const countedStudies = (): string =>
  (Object.keys(studies) as StudyId[])
    .flatMap((id) => {
      const counted = countedIn(id);
      return counted ? `${id}, whose ${counted.cases} are ${counted.count} by default` : [];
    })
    .join('; ');

function scaleOf(text: string | undefined): number {
  const scale = text === undefined ? 1 : Number(text);
  if (!(scale > 0 && scale <= 1)) throw errors.badScale(text ?? '');
  return scale;
}

interface TrainOptions {
  readonly id: StudyId;
  readonly own: OwnSettings | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** Trains, resumes or reuses a run, and prints one line for it. */
function trainWith({ out, err }: Context, { id, own, json, signal }: TrainOptions): StudyContext['train'] {
  return async (training, done, total) => {
    const { directory, name, seed } = training;
    const experiment = experimentOf(id, training, own);
    const number = `${String(done + 1).padStart(String(total).length)}/${total}`;
    const label = `${number}  ${name}, seed ${seed}`;
    if (json) out.line(toJson({ event: 'training', number: done + 1, total, name, seed, run: directory }));
    const started = performance.now();
    const listener: Listener = (event) => {
      if (json) out.line(toJson(event));
      else if (event.event === 'step' && out.terminal && event.step % 20 === 0) {
        out.redraw(`${label}  ${event.step} of ${experiment.steps}`);
      } else if (event.event === 'notice' && event.level !== 'info') err.line(`${name}: ${event.message}`);
    };
    const source = { path: own?.file ?? `${directory}.gan.json`, text: JSON.stringify(experiment, null, 2) };
    const otherRun = errors.otherStudyRun;
    const end = await trainOrResume({ directory, experiment, source, listener, signal, otherRun });
    // A training may be stopped by its monitor.
    if (end?.reason === 'interrupted' || end?.reason === 'stopped' || signal.aborted) throw new StudyInterrupted();
    if (end && end.reason !== 'finished' && end.reason !== 'diverged')
      throw errors.trainingFailed(name, directory, end.message);
    if (json) return;
    const took = end ? duration((performance.now() - started) / 1000) : 'already trained';
    if (out.terminal) out.redraw();
    out.line(`${label}  ${took}${end?.reason === 'diverged' ? ', diverged' : ''}`);
  };
}

function experimentOf(id: StudyId, { name, trial, seed }: Training, own?: OwnSettings): Experiment {
  const text = JSON.stringify({ name: `${id} ${name}`, ...trial, seed });
  const parsed = parseExperiment(text, `${name}.gan.json`);
  const problems = [...parsed.problems, ...(own ? lintExperiment(parsed) : [])];
  const fault = problems.find(({ severity }) => severity === 'error');
  if (fault && own) throw errors.unfitForStudy(id, shortPath(own.file), Object.keys(own.settings), fault.message);
  if (!parsed.experiment) throw new Error(`assertion failed: study ${id}, ${name}: ${fault?.message}`);
  return parsed.experiment;
}

function heading({ out }: Context, id: StudyId, trainings: number, own?: OwnSettings): string {
  const { title, claim, source } = studies[id];
  return [
    out.style.bold(title),
    `The paper: ${claim}`,
    out.style.dim(source),
    ...(own ? [ownText(own)] : []),
    ...(trainings > 0 ? ['', `${trainings} trainings`] : []),
    '',
  ].join('\n');
}

interface Ending {
  readonly holds: boolean;
  readonly verdict: string;
  readonly files: { readonly report: string; readonly png: string };
  readonly size: StudySize;
}

function ending({ out }: Context, { holds, verdict, files, size }: Ending): string {
  const color = holds && size.scale === 1 ? out.style.green : out.style.yellow;
  return [
    '',
    `${verdict} ${color(judgment(holds, size))}`,
    '',
    `  figure  ${shortPath(files.png)}`,
    `  report  ${shortPath(files.report)}`,
  ].join('\n');
}
