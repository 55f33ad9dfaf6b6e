// Sweeps on a real Slurm cluster: slurmctld and nodes with host names of their own, started by the test. The tests run
// side by side and mostly wait.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRunners, differences } from '../slurm/compareRunners';
import { onPhotos, writePhotos } from '../support/photoSweep';
import { startCluster, whyNoSlurm, type Cluster } from '../support/slurmCluster';
import { whyNoMpi, whyNoPmix } from '../support/mpi';
import { jobIn, slurmSweep, weightsOf } from '../support/slurmSweep';
import { metrics } from '../support/tinyRuns';

const missing = whyNoSlurm();
const noMpi = whyNoMpi() && ` (skipped: ${whyNoMpi()})`;
const noPmix = noMpi || (whyNoPmix() && ` (skipped: ${whyNoPmix()})`);

/** Nodes and partitions of their own for tests that end them or fill them. */
const partitions = [
  'PartitionName=main Nodes=n1,n2 Default=YES MaxTime=60',
  'PartitionName=short Nodes=n2 MaxTime=1',
  'PartitionName=limit Nodes=t1 MaxTime=60',
  'PartitionName=low Nodes=p1 MaxTime=60 PriorityTier=1',
  'PartitionName=graceful Nodes=p2 MaxTime=60 PriorityTier=1 GraceTime=120',
  'PartitionName=urgent Nodes=p1,p2 MaxTime=60 PriorityTier=10',
  'PartitionName=canceled Nodes=x1 MaxTime=60',
  'PartitionName=cut Nodes=c1,c2 MaxTime=60',
  'PartitionName=frozen Nodes=z1,z2 MaxTime=60',
  'PartitionName=apart Nodes=a1 MaxTime=60',
];
const nodes = ['n1', 'n2', 't1', 'p1', 'p2', 'x1', 'c1', 'c2', 'z1', 'z2', 'a1'];

const emptyFolder = (name: string): string => mkdtempSync(path.join(tmpdir(), `earthmover-${name}-`));

/** Long enough to be interrupted once it is slowed down; seconds if it is not. */
const long = { steps: 1000, checkpoints: { every: 50, keep: 2 }, samples: { every: 1000, grid: [4, 4] } };

describe.skipIf(missing).concurrent(missing ? `Slurm (skipped: ${missing})` : 'Slurm', { timeout: 400_000 }, () => {
  let cluster: Cluster;
  const folder = missing ? '' : emptyFolder('slurm');
  const sweepOf = (slurm: object, more: object = {}, changes: object = {}) =>
    slurmSweep(cluster, folder, { slurm, ...more }, changes);

  beforeAll(async () => {
    cluster = await startCluster(emptyFolder('cluster'), { nodes, conf: partitions });
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The weights of the long trial after an uninterrupted training. */
  let reference: Promise<string> | undefined;
  const uninterrupted = (): Promise<string> =>
    (reference ??= (async () => {
      const sweep = sweepOf({}, {}, long);
      expect(await sweep.earthmover('sweep', sweep.file)).toMatchObject({ code: 0 });
      return weightsOf(sweep.run(1));
    })());

  /** Submits a sweep of one long trial, and slows it down when it trains. */
  async function startLong(slurm: object) {
    const sweep = sweepOf(slurm, {}, long);
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    await sweep.slowDown(1);
    return { sweep, job };
  }

  /** The trial was interrupted and resumed, and nobody can tell by its numbers. */
  async function expectResumed({ sweep, job }: Awaited<ReturnType<typeof startLong>>): Promise<void> {
    await sweep.until(1, 'finished');
    expect(sweep.attempts(1)).toBeGreaterThan(1);
    expect(metrics(sweep.run(1)).map(({ step }) => step)).toEqual(Array.from({ length: 1000 }, (_, k) => k + 1));
    expect(weightsOf(sweep.run(1))).toBe(await uninterrupted());
    await cluster.until('the job ends', async () => (await sweep.tasks(job)).join() === '0 COMPLETED');
  }

  /** Fills a node with a job of a higher priority for a short time. */
  const preempt = (node: string): Promise<string> =>
    cluster.slurm(
      ...(['sbatch', '--partition=urgent', `--nodelist=${node}`, '--nodes=1', '--ntasks=2'] as const),
      ...['--output=/dev/null', '--wrap=sleep 2'],
    );

  it('resumes on another node after a power cut', async () => {
    const started = await startLong({ partition: 'cut' });
    const { sweep } = started;
    const host = sweep.status(1)?.host;
    cluster.signalNode(host!, 'SIGKILL');
    await sweep.until(1, 'finished');
    expect([host, sweep.status(1)?.host].sort()).toEqual(['c1', 'c2']);
    await expectResumed(started);
  });

  it('fences off a trainer that was replaced while its node did not answer', async () => {
    const started = await startLong({ partition: 'frozen' });
    const { sweep } = started;
    const { host, pid } = sweep.status(1)!;
    cluster.signalNode(host, 'SIGSTOP');
    await sweep.until(1, 'finished');
    // The trainer alone continues: nothing else tells it that it was replaced.
    process.kill(pid, 'SIGCONT');
    await cluster.until('the replaced trainer ends', () => hasEnded(pid));
    cluster.signalNode(host, 'SIGCONT');
    expect(sweep.log(1)).toMatch(/has taken over this run \(attempt 2\), so this process \(attempt 1\) ended/);
    expect(sweep.status(1)?.host).not.toBe(host);
    await expectResumed(started);
  });

  it('saves and requeues a trial before its time limit', async () => {
    const started = await startLong({ partition: 'limit', time: '1' });
    await started.sweep.until(1, 'interrupted');
    // On a slow machine the rest takes several times of the limit.
    await expectResumed(started);
    expect(started.sweep.jobLog(started.job, 0)).toMatch(/Asked to end: saving\.\n.*Saved and requeued\./s);
  });

  it('resumes a preempted trial, which Slurm requeues', async () => {
    const started = await startLong({ partition: 'low' });
    await preempt('p1');
    await started.sweep.until(1, 'interrupted');
    await expectResumed(started);
    expect(started.sweep.jobLog(started.job, 0)).toMatch(/Slurm ends this job \(COMPLETING\)/);
  });

  it('requeues a trial that is preempted with grace', async () => {
    const started = await startLong({ partition: 'graceful' });
    await preempt('p2');
    await started.sweep.until(1, 'interrupted');
    await expectResumed(started);
    expect(started.sweep.jobLog(started.job, 0)).toMatch(/Saved and requeued\./);
  });

  it('saves what scancel ends, which does not come back', async () => {
    const { sweep, job } = await startLong({ partition: 'canceled' });
    await cluster.slurm('scancel', job);
    await sweep.until(1, 'interrupted');
    await cluster.until('the job is canceled', async () => (await sweep.tasks(job)).join() === '0 CANCELLED');
    // Longer than a requeued job waits.
    await new Promise((resolve) => setTimeout(resolve, 8000));
    expect(await sweep.tasks(job)).toEqual(['0 CANCELLED']);
    expect(await sweep.earthmover('sweep', 'resume', 'a', '--on', 'slurm')).toMatchObject({ code: 0 });
    await sweep.until(1, 'finished');
    expect(weightsOf(sweep.run(1))).toBe(await uninterrupted());
  });

  it('cancels the running and the waiting trials of a sweep, and resumes them', async () => {
    const sweep = sweepOf({ partition: 'canceled' }, { seeds: 3, limits: { atOnce: 1 } }, long);
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    await sweep.slowDown(1);
    const status = await sweep.earthmover('sweep', 'status', 'a');
    expect(status.stdout).toMatch(/step \d+ of 1000.* on x1 .*job \d+_0 is RUNNING on x1/);
    expect(status.stdout).toMatch(/waiting .*job \d+_1 is queued: waits for other trials/);
    expect(await sweep.earthmover('sweep', 'cancel', 'a')).toMatchObject({ code: 0 });
    await cluster.until(
      'no task is left',
      async () => !/PENDING|RUNNING|COMPLETING/.test((await sweep.tasks(job)).join()),
    );
    expect(['stopped', 'interrupted']).toContain(sweep.status(1)?.state);
    expect(sweep.status(2)).toBeNull();
    expect(await sweep.earthmover('sweep', 'resume', 'a', '--on', 'slurm')).toMatchObject({ code: 0 });
    for (const trial of [1, 2, 3]) await sweep.until(trial, 'finished');
    expect([1, 2, 3].map(sweep.attempts)).toEqual([2, 1, 1]);
  });

  it('trains an array of six, two at a time, with the table of this machine', async () => {
    const more = { over: { 'critic.width': [8, 16, 24] }, seeds: 2, result: { metric: 'w1', thresholds: [1.2] } };
    const changes = { steps: 10, metrics: ['w1'] };
    const sweep = sweepOf({ partition: 'main' }, { ...more, limits: { atOnce: 2 } }, changes);
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    let most = 0;
    await cluster.until('six trials end', async () => {
      const states = await sweep.tasks(job);
      most = Math.max(most, states.filter((state) => /RUNNING/.test(state)).length);
      return states.length === 6 && states.every((state) => /COMPLETED/.test(state));
    });
    expect(most).toBeLessThanOrEqual(2);
    const local = sweepOf({}, more, changes);
    expect(await local.earthmover('sweep', local.file, '--at-once', '1')).toMatchObject({ code: 0 });
    const tableOf = async ({ earthmover }: typeof sweep) => (await earthmover('sweep', 'table', 'a', '--csv')).stdout;
    expect((await tableOf(local)).split('\n').length).toBeGreaterThan(3);
    expect(await tableOf(sweep)).toBe(await tableOf(local));
    for (const trial of [1, 2, 3, 4, 5, 6]) expect(weightsOf(sweep.run(trial))).toBe(weightsOf(local.run(trial)));
  });

  it('gives the tables of this machine for random architectures', async () => {
    const { local, slurm } = await compareRunners({
      ...{ file: 'examples/robustness.sweep.json', folder: mkdtempSync(path.join(folder, 'compared-')), cluster },
      ...{ cli: path.resolve('dist/cli.cjs'), max: 4, atOnce: 2, steps: 10 },
    });
    // Two settings with two samples each, and their pairs.
    expect(local.csv).toMatch(/^GAN,2,[\d.]+,/m);
    expect(local.csv).toMatch(/^w1 within,only GAN,only WGAN-GP,both,neither$/m);
    expect(differences(local.csv, slurm.csv)).toEqual([]);
  });

  it('prepares the data by a job that the trials wait for', async () => {
    const sweep = sweepOf({ partition: 'main' }, { seeds: 2 }, onPhotos);
    const photos = path.join(path.dirname(sweep.file), 'photos');
    await writePhotos(path.dirname(sweep.file));
    // The data is not there when the job begins.
    renameSync(photos, `${photos}-hidden`);
    const failed = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm', '--prepare'));
    const status = async () => (await sweep.earthmover('sweep', 'status', 'a')).stdout;
    await cluster.until('the job fails', async () => /logs\/prepare\.txt says why/.test(await status()));
    expect(readFileSync(path.join(sweep.directory, 'logs', 'prepare.txt'), 'utf8')).toContain('photos');
    await sweep.earthmover('sweep', 'cancel', 'a');
    await cluster.until(
      'the trials are canceled',
      async () => (await sweep.tasks(failed)).join() === '0 CANCELLED,1 CANCELLED',
    );

    renameSync(`${photos}-hidden`, photos);
    jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm', '--prepare'));
    for (const trial of [1, 2]) await sweep.until(trial, 'finished');
    for (const trial of [1, 2]) expect(sweep.log(trial)).toContain('the cache of an earlier run');
    expect(readFileSync(path.join(sweep.directory, 'logs', 'prepare.txt'), 'utf8')).toContain('20 images');
  });

  it.skipIf(noMpi)(`trains a trial by two processes on two nodes${noMpi}`, async () => {
    const mpirun = ['mpirun.openmpi', '--allow-run-as-root', '--mca', 'btl', 'self,tcp'];
    const slurm = { partition: 'main', ranks: 2, mpirun, options: ['--ntasks-per-node=1', '--nodes=2'] };
    const sweep = sweepOf(slurm, {}, long);
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    await sweep.slowDown(1);
    const manifest = readFileSync(path.join(sweep.run(1), 'experiment.json'), 'utf8');
    expect(manifest).toContain('"ranks": 2');
    await cluster.slurm('scancel', job);
    await sweep.until(1, 'interrupted');
    await cluster.until('the job is canceled', async () => (await sweep.tasks(job)).join() === '0 CANCELLED');
    expect(await sweep.earthmover('sweep', 'resume', 'a', '--on', 'slurm')).toMatchObject({ code: 0 });
    await sweep.until(1, 'finished');
    expect(sweep.attempts(1)).toBe(2);
    expect(metrics(sweep.run(1)).map(({ step }) => step)).toEqual(Array.from({ length: 1000 }, (_, k) => k + 1));
  });

  it.skipIf(noPmix)(`trains a trial by two processes that srun starts${noPmix}`, async () => {
    const slurm = { partition: 'main', ranks: 2, mpirun: ['srun', '--mpi=pmix'], options: ['--ntasks=2', '--nodes=1'] };
    const sweep = sweepOf(slurm, {}, { steps: 20 });
    await sweep.earthmover('sweep', sweep.file, '--on', 'slurm');
    await sweep.until(1, 'finished');
    expect(readFileSync(path.join(sweep.run(1), 'experiment.json'), 'utf8')).toContain('"ranks": 2');
    expect(metrics(sweep.run(1)).map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
  });

  it('trains each trial once if it is started twice, and on this machine too', async () => {
    const sweep = sweepOf({ partition: 'main' }, { seeds: 4 }, { steps: 20 });
    const started = await Promise.all([
      sweep.earthmover('sweep', sweep.file, '--on', 'slurm'),
      sweep.earthmover('sweep', sweep.file, '--on', 'slurm'),
      sweep.earthmover('sweep', sweep.file, '--at-once', '1'),
    ]);
    expect(started.map(({ code }) => code)).toEqual([0, 0, 0]);
    for (const trial of [1, 2, 3, 4]) await sweep.until(trial, 'finished');
    expect([1, 2, 3, 4].map(sweep.attempts)).toEqual([1, 1, 1, 1]);
    for (const trial of [1, 2, 3, 4])
      expect(metrics(sweep.run(trial)).map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
  });

  it('keeps trials that diverge or fail as results, and trains the others', async () => {
    const cases = {
      good: {},
      // 24 layers whose weights change by ten in one step: their product exceeds float32.
      diverging: { 'optimizer.learningRate': 10, 'critic.depth': 24, 'critic.activation': 'leaky-relu' },
      failing: { data: { source: 'points', path: './points.csv' } },
    };
    const sweep = sweepOf({ partition: 'main', each: 3 }, { cases }, { steps: 10 });
    writeFileSync(path.join(path.dirname(sweep.file), 'points.csv'), '1,2\n3,4\n'.repeat(200));
    const started = await sweep.earthmover('sweep', sweep.file, '--on', 'slurm');
    // The file is lost before the job reads it.
    writeFileSync(path.join(path.dirname(sweep.file), 'points.csv'), 'no numbers');
    const job = jobIn(started);
    await cluster.until('the job ends', async () => /FAILED/.test((await sweep.tasks(job)).join()));
    const { stdout } = await sweep.earthmover('sweep', 'status', 'a', '--json');
    const { trials } = JSON.parse(stdout) as { trials: { state: string; message: string | null }[] };
    expect(trials.map(({ state }) => state)).toEqual(['finished', 'diverged', 'failed']);
    expect(trials[2].message).toMatch(/points\.csv/);
    expect(
      (await sweep.earthmover('sweep', 'table', 'a', '--all', '--csv')).stdout.match(/finished|diverged|failed/g),
    ).toEqual(['finished', 'diverged', 'failed']);

    // Asked to, it continues a trial that diverged from its last checkpoint: it diverges again.
    const again = jobIn(await sweep.earthmover('sweep', 'resume', 'a', '--on', 'slurm', '--diverged'));
    await cluster.until('the job ends', async () => /COMPLETED|FAILED/.test((await sweep.tasks(again)).join()));
    expect([1, 2].map(sweep.attempts)).toEqual([1, 2]);
    expect(sweep.status(2)?.state).toBe('diverged');
  });

  it('names the place of what Slurm rejects, and the reason why a job can never start', async () => {
    const rejected = sweepOf({ partition: 'nowhere' });
    const at =
      readFileSync(rejected.file, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('nowhere')) + 1;
    const message = new RegExp(
      `a\\.sweep\\.json:${at}:\\d+: Slurm rejected "slurm\\.partition": invalid partition specified: nowhere`,
    );
    const ended = await rejected.earthmover('sweep', rejected.file, '--on', 'slurm');
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
    const dry = await rejected.earthmover('sweep', rejected.file, '--on', 'slurm', '--dry-run');
    expect(dry).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });

    const late = sweepOf({ partition: 'short', time: '5' });
    const job = jobIn(await late.earthmover('sweep', late.file, '--on', 'slurm'));
    const status = await late.earthmover('sweep', 'status', 'a');
    expect(status.stdout).toMatch(/can never start \(Partition\w+\): its "time", "cpus" or nodes exceed the limits/);
    // The file is corrected; the same command submits again what was canceled.
    expect(await late.earthmover('sweep', 'cancel', 'a')).toMatchObject({ code: 0 });
    await cluster.until('the job is canceled', async () => (await late.tasks(job)).join() === '0 CANCELLED');
    late.write({ slurm: { partition: 'short', time: '1' } });
    expect(await late.earthmover('sweep', late.file, '--on', 'slurm')).toMatchObject({ code: 0 });
    await late.until(1, 'finished');
  });

  it('says what to set if a node has no Node.js', async () => {
    const sweep = sweepOf({ partition: 'main', node: '/nowhere/node' });
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    await cluster.until('the job ends', async () => (await sweep.tasks(job)).join() === '0 FAILED');
    const { stdout } = await sweep.earthmover('sweep', 'status', 'a');
    expect(stdout).toContain(`job ${job}_0 ended as FAILED, see logs/job-${job}_0.txt`);
    expect(sweep.jobLog(job, 0)).toContain('Node.js is not at /nowhere/node on this node: set "node" in "slurm"');
  });

  it('says that a node does not see the folder of the sweep', async ({ skip }) => {
    skip(!cluster.canHide, 'namespaces are not allowed here');
    const sweep = sweepOf({ partition: 'apart' }, { seeds: 2 });
    await cluster.hide('a1', path.dirname(sweep.file));
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    await cluster.until('the jobs end', async () => /^0 FAILED,1 FAILED$/.test((await sweep.tasks(job)).join()));
    const { stdout } = await sweep.earthmover('sweep', 'status', 'a');
    expect(stdout).toContain(
      `job ${job}_0 ended as FAILED (JobLaunchFailure) without any output: a1 does not see ${sweep.directory}`,
    );
  });

  it.skipIf(noMpi)(`fails a trial whose processes cannot be started${noMpi}`, async () => {
    const slurm = { partition: 'main', ranks: 2, mpirun: ['mpirun.openmpi', '--no-such-option'] };
    const sweep = sweepOf(slurm);
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    await cluster.until('the job ends', async () => (await sweep.tasks(job)).join() === '0 FAILED');
    const { stdout } = await sweep.earthmover('sweep', 'status', 'a');
    expect(stdout).toMatch(/failed .*mpirun\.openmpi ended with exit code \d+/);
    expect(sweep.log(1)).toContain('no-such-option');
  });

  it('splits arrays at the limit of the cluster, and waits for a controller that restarts', async ({
    onTestFinished,
  }) => {
    const own = await startCluster(emptyFolder('cluster'), {
      nodes: ['s1', 's2'],
      conf: ['MaxArraySize=3', 'PartitionName=main Nodes=ALL Default=YES MaxTime=60'],
    });
    onTestFinished(() => own.stop());
    const sweep = slurmSweep(own, folder, { seeds: 5, limits: { atOnce: 2 } }, { steps: 2 });
    const started = await sweep.earthmover('sweep', sweep.file, '--on', 'slurm');
    expect(started.stdout).toMatch(/Submitted 3 trials as job \d+\.\nSubmitted 2 trials as job \d+\./);
    for (const trial of [1, 2, 3, 4, 5]) await sweep.until(trial, 'finished');
    expect([1, 2, 3, 4, 5].map(sweep.attempts)).toEqual([1, 1, 1, 1, 1]);

    const next = slurmSweep(own, folder, {}, long);
    const job = jobIn(await next.earthmover('sweep', next.file, '--on', 'slurm'));
    await next.slowDown(1);
    await own.stopController();
    const [status] = await Promise.all([
      next.earthmover('sweep', 'status', 'a'),
      new Promise((resolve) => setTimeout(resolve, 2000)).then(own.startController),
    ]);
    // Its answer may come before the patience ends or not; the state of the trial is known in any case.
    expect(status).toMatchObject({ code: 0, stdout: expect.stringMatching(/step \d+ of 1000/) as string });
    await own.slurm('scancel', job);
    await next.until(1, 'interrupted');
  });
});

/** Whether a process has ended; one whose parent is stopped stays as a zombie. */
function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
