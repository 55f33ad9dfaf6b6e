// `earthmover reproduce`: lists the claims of the papers, or runs one: trainings, numbers, figure and verdict.
import path from 'node:path';
import { studies, type StudyId } from '../../catalog';
import { type Experiment, parseExperiment } from '../../experiment';
import { nearest } from '../../experiment/suggestions';
import { ignoreInGit } from '../../run/directory';
import { openStudyFolder, runStudy, type StudyContext, trainingsOf } from '../../study/runStudy';
import { StudyInterrupted, type Training } from '../../study/study';
import { type EndEvent, type Listener } from '../../trainer/trainerEvents';
import { wholeNumber } from '../arguments';
import { fonts } from '../bundlePaths';
import { type CommandHandler, type Context } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { alignColumns, duration } from '../format';
import { onInterrupt } from '../interrupts';
import { toJson } from '../output';
import { shortPath } from '../summary';
import { trainOrResume } from '../trainOrResume';
import { type reproduceOptions } from './options';

export const reproduce: CommandHandler<typeof reproduceOptions> = async (context, { values, rest }) => {
  if (rest.length === 0) return list(context, values.json);
  const id = studyNamed(rest[0]);
  const seeds = wholeNumber('--seeds', values.seeds, { least: 1, example: '5' }) ?? 1;
  const scale = scaleOf(values.scale);
  const size = { seeds: Array.from({ length: seeds }, (_, k) => k + 1), scale };
  const name = scale === 1 ? id : `${id}-scale-${scale}`;
  const folder = path.resolve(values.out ?? path.join('.earthmover', 'reproductions', name));
  openStudyFolder(folder);
  if (values.out === undefined) ignoreInGit(path.resolve('.earthmover'));
  const abort = new AbortController();
  const release = onInterrupt({ onFirst: () => abort.abort() });
  const study: StudyContext = {
    folder,
    size,
    fonts,
    train: trainWith(context, id, values.json === true, abort.signal),
    scores: async (run, samples) => (await import('../../trainer/train')).criticScores(run, samples),
  };
  try {
    if (!values.json) context.out.line(heading(context, id, trainingsOf(id, study).length));
    const { holds, verdict, files } = await runStudy(id, study);
    if (values.json) context.out.line(toJson({ event: 'study', id, holds, verdict, ...files }));
    else context.out.line(ending(context, holds, verdict, files));
    return exitCode.ok;
  } catch (error) {
    if (!(error instanceof StudyInterrupted)) throw error;
    context.err.line(
      `Interrupted. Run the same command again to continue: what is trained is kept in ${shortPath(folder)}.`,
    );
    return exitCode.interrupted;
  } finally {
    release();
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

function studyNamed(id: string): StudyId {
  if (Object.hasOwn(studies, id)) return id as StudyId;
  throw errors.unknownStudy(id, nearest(id, Object.keys(studies)));
}

function scaleOf(text: string | undefined): number {
  const scale = text === undefined ? 1 : Number(text);
  if (!(scale > 0 && scale <= 1)) throw errors.badScale(text ?? '');
  return scale;
}

/** Trains, resumes or reuses a run, and prints one line for it. */
function trainWith(context: Context, id: StudyId, json: boolean, signal: AbortSignal): StudyContext['train'] {
  const { out, err } = context;
  return async (training, done, total) => {
    const { directory, name, seed } = training;
    const experiment = experimentOf(id, training);
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
    const end = await trainOnce(directory, experiment, listener, signal);
    // A training is stopped by its monitor, or by the page of reproductions.
    if (end?.reason === 'interrupted' || end?.reason === 'stopped' || signal.aborted) throw new StudyInterrupted();
    if (end && end.reason !== 'finished' && end.reason !== 'diverged')
      throw errors.trainingFailed(name, directory, end.message);
    if (json) return;
    const took = end ? duration((performance.now() - started) / 1000) : 'already trained';
    if (out.terminal) out.redraw();
    out.line(`${label}  ${took}${end?.reason === 'diverged' ? ', diverged' : ''}`);
  };
}

/** Null if the run had already ended. */
function trainOnce(
  directory: string,
  experiment: Experiment,
  listener: Listener,
  signal: AbortSignal,
): Promise<EndEvent | null> {
  const source = { path: `${directory}.gan.json`, text: JSON.stringify(experiment, null, 2) };
  return trainOrResume({ directory, experiment, source, listener, signal, otherRun: errors.otherStudyRun });
}

function experimentOf(id: StudyId, { name, trial, seed }: Training): Experiment {
  const text = JSON.stringify({ name: `${id} ${name}`, ...trial, seed });
  const { experiment, problems } = parseExperiment(text, `${name}.gan.json`);
  if (!experiment) throw new Error(`assertion failed: study ${id}, ${name}: ${problems[0]?.message}`);
  return experiment;
}

function heading({ out }: Context, id: StudyId, trainings: number): string {
  const { title, claim, source } = studies[id];
  return [
    out.style.bold(title),
    `The paper: ${claim}`,
    out.style.dim(source),
    ...(trainings > 0 ? ['', `${trainings} trainings`] : []),
    '',
  ].join('\n');
}

function ending({ out }: Context, holds: boolean, verdict: string, files: { report: string; png: string }): string {
  const head = holds ? out.style.green('The claim holds here.') : out.style.yellow('The claim does not hold here.');
  return [
    '',
    `${head} ${verdict}`,
    '',
    `  figure  ${shortPath(files.png)}`,
    `  report  ${shortPath(files.report)}`,
  ].join('\n');
}
