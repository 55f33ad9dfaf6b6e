// Sweeps whose pool, node, controller or login shell is killed: after `sweep resume`, every trial has been trained to
// its end exactly once, by the files on the disk.
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, startCluster, whyNoSlurm } from '../../support/slurmCluster';
import { experiment, status } from '../../support/tinyRuns';
import { type FaultKind, must, type Trial } from '../faultKind';
import { mustEqual, sweptRuns, sweptSteps, sweptTrials, sweptExperiment } from '../references';
import { mustEndWell, type Started, tail } from '../sandbox';

const victims = ['pool', 'node', 'controller', 'login'] as const;
type Victim = (typeof victims)[number];

export const sweepKills: FaultKind = {
  id: 'sweep',
  title: 'kill -9 of the pool, a node, the controller or the login shell of a sweep, then sweep resume',
  trials: { short: 4, long: 20 },
  unavailable: () => whyNoSlurm() || null,
  run: async (trial) => {
    const victim = victims[trial.number % victims.length];
    const reference = await sweptRuns();
    const sweep = writeSweep(trial);
    if (victim === 'pool' || (victim === 'login' && trial.random.chance(0.3))) await killLocal(victim, trial, sweep);
    else await killOnCluster(victim, trial, sweep);
    for (let number = 1; number <= sweptTrials; number++) {
      mustHaveRunOnce(sweep.directory, number);
      mustEqual(sweep.run(number), reference(number));
    }
    const runs = readdirSync(path.join(sweep.directory, 'runs'));
    must(runs.length === sweptTrials, `there are ${runs.length} runs of ${sweptTrials} trials`);
    must(planned(sweep.directory) === sweptTrials, `${planned(sweep.directory)} trials are planned`);
    mustEndWell(['sweep', 'table'], await trial.sandbox.cli(['sweep', 'table', sweep.directory]));
  },
};

interface SweepFiles {
  readonly file: string;
  readonly directory: string;
  readonly run: (trial: number) => string;
}

function writeSweep({ sandbox, random }: Trial): SweepFiles {
  experiment(sandbox.work(), sweptExperiment);
  const file = sandbox.work('a.sweep.json');
  const content = {
    experiment: './tiny.gan.json',
    seeds: sweptTrials,
    limits: { atOnce: 2 },
    slurm: { each: random.pick([1, 1, 2]) },
  };
  writeFileSync(file, JSON.stringify(content));
  const directory = sandbox.work('.earthmover', 'sweeps', 'a');
  return { file, directory, run: (trial) => path.join(directory, 'runs', String(trial).padStart(4, '0')) };
}

/** A sweep that was killed before it had a plan is started again; another one is resumed by its directory. */
const resumeArguments = ({ file, directory }: SweepFiles): string[] =>
  existsSync(path.join(directory, 'sweep.json')) ? ['sweep', 'resume', directory] : ['sweep', file];

/** A session of its own, as that of a login: what it starts can be killed with it. */
const session = { wrapper: ['setsid'], limit: 400 };

const killSession = ({ child }: Started, signal: NodeJS.Signals): void => {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // It has just ended.
  }
};

/** Kills the pool of this machine, alone or with the processes of its trials, or closes its terminal. */
async function killLocal(victim: Victim, { sandbox, random }: Trial, sweep: SweepFiles): Promise<void> {
  const pool = sandbox.start(['sweep', sweep.file], session);
  await Promise.race([sleep(random.between(300, 12_000)), pool.ended]);
  const children = childrenOf(pool.child.pid!);
  if (victim === 'login') killSession(pool, 'SIGHUP');
  else {
    killSession(pool, 'SIGKILL');
    if (random.chance(0.5)) for (const pid of children) signalIfThere(pid, 'SIGKILL');
  }
  // The pool ends without waiting for the processes that have its output.
  await untilTrue('the pool ends', () => pool.child.exitCode !== null || pool.child.signalCode !== null);
  const ended = await sandbox.cli(resumeArguments(sweep), { limit: 400 });
  must(ended.code === 0, `sweep resume ended with ${ended.code}: ${tail(ended.stderr)}`);
}

async function killOnCluster(victim: Victim, trial: Trial, sweep: SweepFiles): Promise<void> {
  const { sandbox, random } = trial;
  const cluster = await startCluster(mkdtempSync(path.join(tmpdir(), 'earthmover-cluster-')), {
    nodes: ['c1', 'c2'],
    // Four trials need two arrays.
    conf: ['MaxArraySize=3', 'PartitionName=main Nodes=ALL Default=YES MaxTime=60'],
  });
  const { SLURM_CONF, NODE_OPTIONS }: NodeJS.ProcessEnv = cluster.env;
  const env = { SLURM_CONF, ...(NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS }) };
  const resume = async (): Promise<void> => {
    const ended = await sandbox.cli([...resumeArguments(sweep), '--on', 'slurm'], { env, limit: 400 });
    must(ended.code === 0, `sweep resume ended with ${ended.code}: ${tail(ended.stderr)}`);
  };
  try {
    const submission = sandbox.start(['sweep', sweep.file, '--on', 'slurm'], { ...session, env });
    if (victim === 'login') {
      // In the middle of a submission, or at any time.
      const isSubmitting = () => existsSync(path.join(sweep.directory, 'submissions', '1.json'));
      if (random.chance(0.7)) await untilTrue('it submits', isSubmitting);
      await Promise.race([sleep(random.between(0, isSubmitting() ? 150 : 6000)), submission.ended]);
      killSession(submission, random.pick(['SIGKILL', 'SIGKILL', 'SIGHUP']));
      await submission.ended;
    } else {
      await submission.ended;
      await untilTrue('a trial trains', () => hasSteps(sweep));
      await sleep(random.between(0, 3000));
      if (victim === 'node') await cutNode(trial, cluster);
      else await killController(trial, cluster);
    }
    await resume();
    await cluster.until(
      'all jobs end',
      async () => {
        await releaseHeldJobs(cluster);
        return (await unfinishedJobs(cluster)) === '';
      },
      400,
    );
  } finally {
    await cluster.stop();
  }
}

/** A power cut of a node that trains. Slurm notices it by itself, or is told; the node may come back. */
async function cutNode({ random }: Trial, cluster: Cluster): Promise<void> {
  const running = await cluster.slurm('squeue', '--noheader', '--states=RUNNING', '--format=%N');
  const node = running.split('\n')[0] || 'c1';
  cluster.signalNode(node, 'SIGKILL');
  if (random.chance(0.6)) await cluster.slurm('scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=cut');
  if (random.chance(0.5)) cluster.startNode(node);
}

/** Kills the controller; the sweep may be resumed while it is down. */
async function killController({ random }: Trial, cluster: Cluster): Promise<void> {
  await cluster.stopController('SIGKILL');
  const restart = sleep(random.between(0, 6000)).then(cluster.startController);
  if (random.chance(0.5)) await restart;
}

/**
 * What an administrator does: Slurm drains a node and holds its jobs if their launch fails, as on a machine that is so
 * busy that a node does not answer in time.
 */
async function releaseHeldJobs({ slurm }: Cluster): Promise<void> {
  const quietly = (...command: [string, ...string[]]) => slurm(...command).catch(() => '');
  const drained = await quietly('sinfo', '--noheader', '--Node', '--states=drain', '--format=%N');
  for (const node of new Set(drained.split('\n').filter(Boolean)))
    await quietly('scontrol', 'update', `NodeName=${node}`, 'State=RESUME');
  const pending = await quietly('squeue', '--noheader', '--array', '--states=PENDING', '--format=%F_%K %r');
  for (const line of pending.split('\n').filter((text) => text.endsWith('requeued held')))
    await quietly('scontrol', 'release', line.split(' ')[0]);
}

const unfinishedJobs = (cluster: Cluster): Promise<string> =>
  cluster.slurm('squeue', '--noheader', '--states=PENDING,RUNNING,COMPLETING,CONFIGURING,SUSPENDED');

/** Throws unless the files say that a trial was trained to its end by one process, and that nobody trained it later. */
function mustHaveRunOnce(directory: string, number: number): void {
  const name = String(number).padStart(4, '0');
  const run = path.join(directory, 'runs', name);
  must(existsSync(path.join(run, 'status.json')), `trial ${number} was never trained`);
  const { state, step, attempt } = status(run) as ReturnType<typeof status> & { attempt: number };
  must(state === 'finished' && step === sweptSteps, `trial ${number} is ${state} at step ${step}`);
  const attempts = readdirSync(path.join(run, 'attempts')).filter((file) => /^\d+\.json$/.test(file));
  must(attempts.length === attempt, `trial ${number} has ${attempts.length} attempts, and attempt ${attempt} ended it`);
  // Only the first process of a trial can be killed, perhaps between its last status and its last line.
  const log = readFileSync(path.join(directory, 'logs', `${name}.txt`), 'utf8');
  const ends = log.match(/^Finished/gm)?.length ?? 0;
  must(ends === 1 || (ends === 0 && attempt === 1), `trial ${number} finished ${ends} times: ${tail(log)}`);
}

const planned = (directory: string): number =>
  readdirSync(path.join(directory, 'plan'))
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) =>
      readFileSync(path.join(directory, 'plan', name), 'utf8')
        .split('\n')
        .filter(Boolean),
    ).length;

const hasSteps = ({ run }: SweepFiles): boolean =>
  Array.from({ length: sweptTrials }, (_, k) => run(k + 1)).some(
    (folder) => existsSync(path.join(folder, 'status.json')) && status(folder).step > 0,
  );

async function untilTrue(what: string, condition: () => boolean, seconds = 200): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; !condition(); await sleep(100))
    must(Date.now() < end, `not within ${seconds} s: ${what}`);
}

function childrenOf(parent: number): number[] {
  try {
    return readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}
