// Reads from a workspace folder how far the reproduction of each study is, and its result.
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { studies } from '../../catalog';
import type { ToPage } from '../../protocol/monitor';
import {
  checkStudyProgress,
  notRun,
  type Reproduction,
  type StudyProgress,
  type StudyResult,
} from '../../protocol/reproductions';
import { folderInsideAsync, readJsonAsync } from '../../run/diskAccess';
import { damagedFile } from '../../run/errors';
import { poll } from '../../run/polling';
import { findProcess } from '../../run/process';
import { readStatusAsync } from '../../run/status';
import { isRecord } from '../../shared/isRecord';
import { isUserError } from '../../shared/userError';
import type { Feed } from '../monitor/feed';
import { createProblemReport } from '../monitor/problemReport';
import { type PictureUri, stampOf } from '../monitor/runFiles';

/** The folder of a study in a workspace folder. Throws a UserError if it, or a folder on the way, is a link. */
export const studyFolder = (root: string, study: string): Promise<string> =>
  folderInsideAsync(root, '.earthmover', 'reproductions', study);

/** The run directory of a training. Throws a UserError if it is a link. */
export const trainingFolder = async (root: string, study: string, run: string): Promise<string> =>
  folderInsideAsync(await studyFolder(root, study), 'runs', run);

const maxProgressBytes = 1 << 22;
/** Its tables and figure have the numbers of all trainings. */
const maxResultBytes = 1 << 26;
const maxFigureBytes = 1 << 24;
const advice = 'remove the folder to run the study again';

/** The progress of a study; null if it was never run. */
export async function readProgress(folder: string): Promise<StudyProgress | null> {
  const file = path.join(folder, 'progress.json');
  const parsed = await readJsonAsync(file, maxProgressBytes, advice);
  if (parsed === undefined) return null;
  const checked = checkStudyProgress(parsed);
  if ('problem' in checked) throw damagedFile(file, checked.problem, advice);
  return checked.value;
}

async function readResult(folder: string, uriOf: PictureUri): Promise<StudyResult | null> {
  const file = path.join(folder, 'result.json');
  const parsed = await readJsonAsync(file, maxResultBytes, advice);
  if (parsed === undefined) return null;
  const { holds, verdict } = isRecord(parsed) ? (parsed as Record<string, unknown>) : {};
  if (typeof holds !== 'boolean' || typeof verdict !== 'string') throw damagedFile(file, 'it has no verdict', advice);
  return { holds, verdict: verdict.slice(0, 4000), figure: await figureUri(path.join(folder, 'figure.svg'), uriOf) };
}

async function figureUri(file: string, uriOf: PictureUri): Promise<string | null> {
  const found = await lstat(file).catch(() => null);
  return found !== null && found.isFile() && found.size <= maxFigureBytes ? uriOf(file, await stampOf(file)) : null;
}

/** Reads the studies of a folder repeatedly; a result is read again when its file changes. */
export function createReproductionReader(root: string, uriOf: PictureUri) {
  const results = new Map<string, { readonly stamp: string; readonly result: StudyResult | null }>();
  const resultOf = async (study: string, folder: string): Promise<StudyResult | null> => {
    const stamp = `${await stampOf(path.join(folder, 'result.json'))} ${await stampOf(path.join(folder, 'figure.svg'))}`;
    const known = results.get(study);
    if (known?.stamp === stamp) return known.result;
    const result = await readResult(folder, uriOf);
    results.set(study, { stamp, result });
    return result;
  };
  /**
   * `starting` if its process was started but has not written its progress; `lost` is why it ended without writing it.
   */
  const read = async (study: string, starting: boolean, lost: string | null): Promise<Reproduction> => {
    try {
      const folder = await studyFolder(root, study);
      const [progress, result] = [await readProgress(folder), await resultOf(study, folder)];
      const state = await stateOf(progress, result);
      const working = state === 'training' || state === 'drawing';
      const failure = state === 'new' || state === 'crashed' ? lost : null;
      const { done = 0, trainings = [], message = null } = progress ?? {};
      return {
        ...notRun(study),
        state: starting && !working ? 'starting' : failure !== null ? 'failed' : state,
        message: starting ? null : (failure ?? (state === 'failed' ? message : null)),
        done: Math.min(done, trainings.length),
        trainings,
        ...(state === 'training' ? await stepsOf(root, study, trainings.at(done)?.run) : {}),
        // The former one is of other trainings.
        result: working || starting ? null : result,
      };
    } catch (error) {
      if (!isUserError(error)) throw error;
      return { ...notRun(study), state: 'failed', message: error.message };
    }
  };
  return (
    starting: (study: string) => boolean,
    lost: (study: string) => string | null = () => null,
  ): Promise<Reproduction[]> =>
    Promise.all(Object.keys(studies).map((study) => read(study, starting(study), lost(study))));
}

async function stateOf(progress: StudyProgress | null, result: StudyResult | null): Promise<Reproduction['state']> {
  if (progress === null) return result === null ? 'new' : 'finished';
  const { state } = progress;
  if (state !== 'training' && state !== 'drawing') return state;
  // On another machine nobody can tell: what it wrote last holds.
  return (await findProcess(progress)) === false ? 'crashed' : state;
}

async function stepsOf(root: string, study: string, run: string | undefined) {
  if (run === undefined) return {};
  const status = await trainingFolder(root, study, run)
    .then(readStatusAsync)
    .catch(() => null);
  return status === null ? {} : { step: status.step, steps: status.steps };
}

interface FeedOptions {
  readonly root: string;
  readonly starting: (study: string) => boolean;
  /** Why the last process of a study failed, as it may have ended before it could write that; null if it has not. */
  readonly lost?: (study: string) => string | null;
  readonly post: (message: ToPage) => void;
  readonly pictureUri: PictureUri;
  readonly everyMs?: number;
}

/** Sends the page the state of all studies, and again whenever it changes. */
export function feedReproductions({ root, starting, lost, post, pictureUri, everyMs = 500 }: FeedOptions): Feed {
  const read = createReproductionReader(root, pictureUri);
  const problems = createProblemReport('Cannot show the reproductions', post);
  let sent = '';
  const update = async () => {
    const reproductions = await read(starting, lost);
    problems.solved('folder');
    const now = JSON.stringify(reproductions);
    if (now === sent) return;
    sent = now;
    post({ type: 'reproductions', root, reproductions });
  };
  return poll(update, everyMs, (error) => problems.report('folder', error));
}
