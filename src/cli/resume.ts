// `earthmover resume`: goes on with a run from its last checkpoint.
import { type Experiment } from '../experiment/experiment';
import { openRun } from '../run/directory';
import { type Run } from './command';
import { errors } from './errors';
import { modesOf } from './modes';
import { type resumeOptions } from './options';
import { dataWorker, feedWorker, runDirectory } from './paths';
import { runSession } from './session';

export const resume: Run<typeof resumeOptions> = async (context, { values, rest }) => {
  const directory = runDirectory(rest[0]);
  const steps = values.steps === undefined ? undefined : wholeNumber('--steps', values.steps);
  const { manifest } = openRun(directory);
  const modes = modesOf((manifest.experiment as Experiment).data);
  const { code } = await runSession(context, { json: values.json, modes }, async (listener, signal) => {
    const { resume: run } = await import('../trainer/train');
    return run({ directory, dataWorker, feedWorker, listener, signal, steps });
  });
  return code;
};

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1)
    throw errors.notAWholeNumber(option, text, '5000');
  return value;
}
