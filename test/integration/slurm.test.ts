// Sweeps on a real Slurm cluster: slurmctld and nodes with host names of their own, started by the test.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, whyNoSlurm, type Cluster } from '../support/slurmCluster';
import { jobIn, slurmSweep, weightsOf } from '../support/slurmSweep';

const missing = whyNoSlurm();

/** Nodes and partitions of their own for tests that end them or fill them. */
const partitions = [
  'PartitionName=main Nodes=n1,n2 Default=YES MaxTime=60',
  'PartitionName=short Nodes=n2 MaxTime=1',
  'PartitionName=low Nodes=p1 MaxTime=60 PriorityTier=1',
  'PartitionName=graceful Nodes=p2 MaxTime=60 PriorityTier=1 GraceTime=120',
  'PartitionName=urgent Nodes=p1,p2 MaxTime=60 PriorityTier=10',
  'PartitionName=cut Nodes=c1,c2 MaxTime=60',
  'PartitionName=frozen Nodes=z1,z2 MaxTime=60',
];
const nodes = ['n1', 'n2', 'p1', 'p2', 'c1', 'c2', 'z1', 'z2'];

/** Long enough to be interrupted once it is slowed down; seconds if it is not. */
const long = { steps: 1000, checkpoints: { every: 50, keep: 2 }, samples: { every: 1000, grid: [4, 4] } };

describe.skipIf(missing).concurrent(missing ? `Slurm (skipped: ${missing})` : 'Slurm', { timeout: 300_000 }, () => {
  let cluster: Cluster;
  const folder = missing ? '' : mkdtempSync(path.join(tmpdir(), 'earthmover-slurm-'));
  const sweepOf = (slurm: object, more: object = {}, changes: object = {}) =>
    slurmSweep(cluster, folder, { slurm, ...more }, changes);

  beforeAll(async () => {
    cluster = await startCluster(mkdtempSync(path.join(tmpdir(), 'earthmover-cluster-')), { nodes, conf: partitions });
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

  it('trains an array of six, two at a time, with the results of this machine', async () => {
    const over = { 'critic.width': [8, 16, 24] };
    const sweep = sweepOf({ partition: 'main' }, { over, seeds: 2, limits: { atOnce: 2 } }, { steps: 10 });
    const started = await sweep.earthmover('sweep', sweep.file, '--on', 'slurm');
    expect(started).toMatchObject({ code: 0 });
    const job = jobIn(started);
    let most = 0;
    await cluster.until('six trials end', async () => {
      const states = await sweep.tasks(job);
      most = Math.max(most, states.filter((state) => /RUNNING/.test(state)).length);
      return states.every((state) => /COMPLETED/.test(state));
    });
    expect(most).toBeLessThanOrEqual(2);
    expect([1, 2, 3, 4, 5, 6].map((trial) => sweep.status(trial)?.state)).toEqual(Array(6).fill('finished'));
    const local = sweepOf({}, { over, seeds: 2 }, { steps: 10 });
    expect(await local.earthmover('sweep', local.file, '--at-once', '1')).toMatchObject({ code: 0 });
    for (const trial of [1, 2, 3, 4, 5, 6]) expect(weightsOf(sweep.run(trial))).toBe(weightsOf(local.run(trial)));
    expect(readdirSync(path.join(sweep.directory, 'logs'))).toContain('0006.txt');
  });

  it('requeues a preempted trial, which ends as if it had not been interrupted', async () => {
    const sweep = sweepOf({ partition: 'low' }, {}, long);
    const job = jobIn(await sweep.earthmover('sweep', sweep.file, '--on', 'slurm'));
    await sweep.slowDown(1);
    await cluster.slurm(
      'sbatch',
      '--partition=urgent',
      '--nodes=1',
      '--ntasks=2',
      '--nodelist=p1',
      '--output=/dev/null',
      '--wrap=sleep 2',
    );
    await sweep.until(1, 'interrupted');
    expect(sweep.status(1)?.step).toBeLessThan(1000);
    await sweep.until(1, 'finished');
    expect(sweep.attempts(1)).toBe(2);
    expect(weightsOf(sweep.run(1))).toBe(await uninterrupted());
    await cluster.until('the job ends', async () => (await sweep.tasks(job)).join() === '0 COMPLETED');
  });
});
