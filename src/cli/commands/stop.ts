// `earthmover stop`: asks the trainer of a run to save a checkpoint and end, and waits until it has.
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunStatus } from '../../protocol/status';
import { sendCommand, waitForAcknowledgment } from '../../run/control';
import { notARun } from '../../run/errors';
import { liveness, readStatus, stallSeconds } from '../../run/status';
import { type CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { toJson } from '../output';
import { type stopOptions } from './options';
import { runDirectory } from '../runDirectory';
import { shortPath } from '../summary';

export const stop: CommandHandler<typeof stopOptions> = async ({ out }, { values, rest }) => {
  const directory = runDirectory(rest[0]);
  const run = shortPath(directory);
  const before = statusOf(directory);
  if (liveness(before) === 'ended') throw errors.runHasEnded(run, before.state);
  if (liveness(before) === 'dead') throw errors.runIsDead(run, before.pid);

  const id = await sendCommand(directory, 'stop');
  // The time after which a run without a new step counts as stalled.
  const seconds = Math.ceil(stallSeconds(before));
  const answer = await waitForAcknowledgment(directory, id, seconds * 1000);
  const after = answer === 'acknowledged' ? await waitForEnd(directory, seconds) : statusOf(directory);
  const state = liveness(after);
  if (state === 'dead') throw errors.runIsDead(run, after.pid);
  if (state !== 'ended') throw (answer === 'timeout' ? errors.noAnswer : errors.noEnd)(run, seconds, after);
  if (values.json) out.line(toJson({ event: 'stop', run: directory, state: after.state, step: after.step }));
  else out.line(`${run} ${after.state} at step ${after.step} of ${after.steps}.`);
  return exitCode.ok;
};

/** The status once the run has ended or its process has exited, or after `seconds`. */
async function waitForEnd(directory: string, seconds: number): Promise<RunStatus> {
  const limit = Date.now() + seconds * 1000;
  for (;;) {
    const status = statusOf(directory);
    if (['ended', 'dead'].includes(liveness(status)) || Date.now() >= limit) return status;
    await sleep(50);
  }
}

function statusOf(directory: string): RunStatus {
  const status = readStatus(directory);
  if (status === null) throw notARun(directory, 'it has no status.json');
  return status;
}
