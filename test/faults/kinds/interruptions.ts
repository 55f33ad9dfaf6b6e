// A training that is killed, signaled or loses its terminal, then resumed: the run equals one that nothing interrupted.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultKind, must, type Trial } from '../faultKind';
import { experimentNames, finished, mustEqual, writeExperiment } from '../references';
import { mustEndWell, type Sandbox, type Started } from '../sandbox';

/** Starts or continues the run, whichever is possible. */
function continueRun(sandbox: Sandbox, experiment: string, run: string): Started {
  const isRun = existsSync(path.join(run, 'experiment.json'));
  return sandbox.start(isRun ? ['resume', run] : ['train', experiment, '--out', run]);
}

const state = (run: string): string | null =>
  existsSync(path.join(run, 'status.json'))
    ? (JSON.parse(readFileSync(path.join(run, 'status.json'), 'utf8')) as { state: string }).state
    : null;

/** Interrupts the training up to `times` times, then lets it finish. */
async function interrupted({ number, random, sandbox }: Trial, times: number, interrupt: Interrupt): Promise<void> {
  const name = experimentNames[number % experimentNames.length];
  const reference = await finished(name);
  const experiment = writeExperiment(sandbox, name);
  const run = sandbox.work('run');
  for (let k = 0; k < times && state(run) !== 'finished'; k++) {
    const training = continueRun(sandbox, experiment, run);
    await Promise.race([sleep(random.between(100, 4000)), training.ended]);
    if (training.child.exitCode === null) await interrupt(training, random.pick(signals));
    await training.ended;
  }
  if (state(run) !== 'finished') {
    const last = await continueRun(sandbox, experiment, run).ended;
    mustEndWell(['resume'], last);
    must(last.code === 0, `the last attempt ended with ${last.code}: ${last.stderr}`);
  }
  mustEqual(run, reference);
}

type Interrupt = (training: Started, signal: NodeJS.Signals) => Promise<void>;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const;

export const kills: FaultKind = {
  id: 'kill',
  title: 'kill -9 at any moment, up to 4 times a run, then resume',
  trials: { short: 3, long: 90 },
  run: (trial) =>
    interrupted(trial, 1 + trial.random.below(4), async ({ child }) => {
      child.kill('SIGKILL');
    }),
};

export const signalKinds: FaultKind = {
  id: 'signal',
  title: 'SIGINT, SIGTERM, SIGHUP, SIGUSR2, several, STOP and CONT, closed output',
  trials: { short: 3, long: 48 },
  run: (trial) =>
    interrupted(trial, 2, async ({ child, ended }, signal) => {
      const way = trial.random.pick(['one', 'termTwice', 'stopped', 'closed'] as const);
      if (way === 'one') child.kill(signal);
      if (way === 'termTwice') {
        child.kill('SIGTERM');
        await sleep(trial.random.between(0, 800));
        child.kill('SIGTERM');
      }
      if (way === 'stopped') {
        child.kill('SIGSTOP');
        await sleep(300);
        child.kill('SIGCONT');
        child.kill(signal);
      }
      if (way === 'closed') child.stdout?.destroy();
      // Signals that come before the handlers end Node at once, which leaves nothing to check.
      const { stderr } = await ended;
      must(!/bug in Earthmover|^\s+at /m.test(stderr), `a stack trace: ${stderr}`);
    }),
};
