// Full and read-only disks, missing permissions and limits: told as what they are, and nothing is lost.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type FaultKind, must } from '../faultKind';
import { finished, mustEqual, writeExperiment } from '../references';
import type { Sandbox } from '../sandbox';

const isRoot = process.getuid?.() === 0;
let mountable: string | null | undefined;

/** Why small disks cannot be mounted here. */
function whyNoMount(): string | null {
  if (mountable !== undefined) return mountable;
  if (process.platform !== 'linux' || !isRoot) return (mountable = 'only root on Linux can mount a small disk');
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return (mountable = null);
  } catch {
    return (mountable = 'this machine does not let root mount a file system');
  }
}

async function onDisk(folder: string, options: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder]);
  try {
    await work();
  } finally {
    execFileSync('umount', ['--lazy', folder]);
  }
}

export const fullDisks: FaultKind = {
  id: 'full-disk',
  title: 'the disk is full, by bytes or by files; freed, resumed and compared',
  trials: { short: 3, long: 30 },
  unavailable: whyNoMount,
  run: async ({ number, random, sandbox }) => {
    const reference = await finished('points');
    const experiment = writeExperiment(sandbox, 'points');
    const disk = sandbox.work('disk');
    const limit = number % 3 === 2 ? `nr_inodes=${3 + random.below(40)}` : `size=${4 * (1 + random.below(120))}k`;
    await onDisk(disk, limit, async () => {
      const run = path.join(disk, 'run');
      const full = await sandbox.cli(['train', experiment, '--out', run, '--json']);
      if (full.code !== 0) {
        must(/space|full|ENOSPC/i.test(full.stderr + full.stdout), `${limit}: the disk is not named: ${full.stderr}`);
        if (full.stdout.includes('"event":"start"')) {
          must(full.stdout.includes('"event":"end"'), `${limit}: --json has no end event`);
        }
      }
      execFileSync('mount', ['-o', 'remount,size=64m,nr_inodes=100000', disk]);
      const isRun = existsSync(path.join(run, 'experiment.json'));
      const { code, stderr } = await sandbox.cli(isRun ? ['resume', run] : ['train', experiment, '--out', run]);
      must(code === 0, `${limit}: after freeing the disk it ended with ${code}: ${stderr}`);
      mustEqual(run, reference);
    });
  },
};

interface Limit {
  readonly name: string;
  readonly needsMount?: boolean;
  readonly run: (sandbox: Sandbox, experiment: string) => Promise<void>;
}

const limits: readonly Limit[] = [
  {
    name: 'a read-only disk',
    needsMount: true,
    run: (sandbox, experiment) =>
      onDisk(sandbox.work('disk'), 'ro', async () => {
        const { code, stderr } = await sandbox.cli(['train', experiment, '--out', 'disk/run']);
        must(code !== 0 && /read-only/i.test(stderr), `a read-only disk is not named: ${stderr}`);
      }),
  },
  {
    name: 'a run on a disk that became read-only',
    needsMount: true,
    run: (sandbox, experiment) =>
      onDisk(sandbox.work('disk'), 'size=64m', async () => {
        await sandbox.cli(['train', experiment, '--out', 'disk/run']);
        execFileSync('mount', ['-o', 'remount,ro', sandbox.work('disk')]);
        for (const args of [
          ['resume', 'disk/run', '--steps', '130'],
          ['export', 'disk/run', '--out', 'disk/model'],
        ]) {
          const { code, stderr } = await sandbox.cli(args);
          must(code !== 0 && /read-only/i.test(stderr), `${args[0]}: a read-only disk is not named: ${stderr}`);
        }
      }),
  },
  {
    name: 'a parent folder that is a file',
    run: async (sandbox, experiment) => {
      writeFileSync(sandbox.work('file'), '');
      const { code, stderr } = await sandbox.cli(['train', experiment, '--out', 'file/run']);
      must(code === 2 || code === 3, `ended with ${code}`);
      must(/file/.test(stderr) && !/^E[A-Z]+:/m.test(stderr), `raw error: ${stderr}`);
    },
  },
  {
    name: 'a file-size limit',
    run: async (sandbox, experiment) => {
      await sandbox.cli(['train', experiment, '--out', 'run', '--json'], { wrapper: ['prlimit', '--fsize=3000'] });
    },
  },
  {
    name: 'few open files',
    run: async (sandbox, experiment) => {
      await sandbox.cli(['train', experiment, '--out', 'run', '--json'], { wrapper: ['prlimit', '--nofile=28'] });
    },
  },
  {
    name: 'no HOME and no TMPDIR',
    run: async (sandbox, experiment) => {
      const env = { HOME: undefined, TMPDIR: '/nonexistent' };
      const { code, stderr } = await sandbox.cli(['train', experiment, '--out', 'run'], { env });
      must(code === 0, `ended with ${code}: ${stderr}`);
    },
  },
  {
    name: 'a run folder without permission',
    run: async (sandbox, experiment) => {
      mkdirSync(sandbox.work('closed'));
      chmodSync(sandbox.work('closed'), 0o500);
      await sandbox.cli(['train', experiment, '--out', 'closed/run']);
      chmodSync(sandbox.work('closed'), 0o700);
    },
  },
];

export const limitKinds: FaultKind = {
  id: 'limit',
  title: 'read-only disks, files as folders, file-size and open-file limits, no HOME, no permission',
  trials: { short: limits.length, long: limits.length * 3 },
  unavailable: () => (process.platform === 'linux' ? null : 'limits are set with Linux tools'),
  run: async ({ number, sandbox }) => {
    const limit = limits[number % limits.length];
    if (limit.needsMount && whyNoMount() !== null) return;
    try {
      await limit.run(sandbox, writeExperiment(sandbox, 'points'));
    } catch (error) {
      throw new Error(`${limit.name}: ${(error as Error).message}`, { cause: error });
    }
  },
};
