// `npm run test:slurm`: a sweep on this machine and on a test cluster of two nodes must give the same tables.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { positive } from '../faults/tryFaults';
import { startCluster, whyNoSlurm } from '../support/slurmCluster';
import { compareRunners, differences } from './compareRunners';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { max: { type: 'string' }, 'at-once': { type: 'string', default: '2' }, steps: { type: 'string' } },
  });
  const why = whyNoSlurm();
  if (why !== '') throw new Error(`There can be no test cluster here: ${why}.`);
  const [file = 'examples/robustness.sweep.json'] = positionals;
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-slurm-'));
  const cluster = await startCluster(mkdtempSync(path.join(tmpdir(), 'earthmover-cluster-')), {
    nodes: ['n1', 'n2'],
    conf: ['PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE'],
  });
  try {
    const cli = path.join(process.env.EARTHMOVER_ROOT ?? process.cwd(), 'dist', 'cli.cjs');
    const { local, slurm } = await compareRunners({
      ...{ file, folder, cluster, cli, progress: (text) => console.log(text) },
      atOnce: positive(values['at-once'], '--at-once'),
      ...(values.max === undefined ? {} : { max: positive(values.max, '--max') }),
      ...(values.steps === undefined ? {} : { steps: positive(values.steps, '--steps') }),
    });
    console.log(`\nThis machine, ${local.seconds.toFixed(0)} s:\n${local.text}`);
    console.log(`The cluster, ${slurm.seconds.toFixed(0)} s:\n${slurm.text}`);
    const different = differences(local.csv, slurm.csv);
    for (const line of different.slice(0, 20)) console.log(line);
    const numbers = local.csv.match(/\d[\d.e+-]*/g)?.length ?? 0;
    console.log(
      different.length === 0
        ? `The tables are equal in all of their ${numbers} numbers.`
        : `${different.length} lines of the tables differ.`,
    );
    return different.length === 0 ? 0 : 1;
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  },
);
