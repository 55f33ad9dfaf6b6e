import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  jobScript,
  launcherOf,
  leadSeconds,
  prepareArguments,
  prepareScript,
  sbatchArguments,
  tasksOf,
  timeLimitSeconds,
  trialsPerTask,
} from './jobScript';

const request = {
  ...{ directory: '/shared/a sweep/100%', slurm: {}, name: 'a-1.2', submission: 2, tasks: 12, atOnce: 3 },
  ...{ cpus: 2, leadSeconds: 120, after: [] },
};

describe('the arguments of sbatch', () => {
  it('are an array that is requeued and told before its time is over', () => {
    expect(sbatchArguments(request, '/s/script.sh')).toEqual([
      '--parsable',
      '--job-name=a-1.2',
      '--array=0-11%3',
      '--cpus-per-task=2',
      '--signal=USR2@120',
      '--requeue',
      '--open-mode=append',
      // A percent sign of the path is not a pattern.
      '--output=/shared/a sweep/100%%/logs/job-%A_%a.txt',
      '/s/script.sh',
      '2',
    ]);
  });

  it('have the options of the file, those of its own last', () => {
    const slurm = {
      ...{ partition: 'gpu', account: 'gan', time: '2:00:00', memory: '4G', gres: 'gpu:1', requeue: false },
      options: ['--constraint=icelake', '-q long', '#SBATCH --exclude n[1-2]'],
    };
    const args = sbatchArguments(
      { ...request, slurm, atOnce: null, after: ['afterok:16', 'afterany:17'] },
      'script.sh',
    );
    expect(args).toContain('--array=0-11');
    expect(args).toContain('--no-requeue');
    expect(args.slice(4, 9)).toEqual([
      '--partition=gpu',
      '--account=gan',
      '--time=2:00:00',
      '--mem=4G',
      '--gres=gpu:1',
    ]);
    expect(args.slice(-8)).toEqual([
      ...[
        '--dependency=afterok:16,afterany:17',
        '--constraint=icelake',
        '-q',
        'long',
        '--exclude',
        'n[1-2]',
        'script.sh',
        '2',
      ],
    ]);
  });
});

it('the job that prepares the data has the resources of the trials, but no array', () => {
  const slurm = { partition: 'cpu', time: '5', options: ['--constraint=icelake'] };
  expect(prepareArguments({ ...request, slurm, name: 'a-1.prepare' }, 'prepare.sh')).toEqual([
    ...['--parsable', '--job-name=a-1.prepare', '--cpus-per-task=2', '--partition=cpu', '--time=5', '--requeue'],
    ...['--open-mode=append', '--output=/shared/a sweep/100%%/logs/prepare.txt', '--constraint=icelake', 'prepare.sh'],
  ]);
});

describe.skipIf(process.platform === 'win32')('the script of a job (skipped on Windows, which has no bash)', () => {
  /** Runs a script with an srun that prints its arguments. */
  function run(script: string): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-job-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(path.join(folder, 'srun'), '#!/bin/bash\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const file = path.join(folder, 'script.sh');
    // A login shell sets the PATH.
    writeFileSync(file, script.replace('#!/bin/bash -l', `export PATH="${folder}:$PATH"`));
    const env = { ...process.env, SLURM_CPUS_PER_TASK: '2', SLURM_ARRAY_TASK_ID: '7' };
    return execFileSync('bash', [file, '3'], { env, encoding: 'utf8' });
  }

  it('trains the trials of its task under srun', () => {
    const script = jobScript(
      { directory: `/shared/it's a sweep`, slurm: { before: ['# module load nodejs'] } },
      '/e/cli.cjs',
    );
    expect(script.split('\n').slice(0, 2)).toEqual(['#!/bin/bash -l', '# module load nodejs']);
    expect(run(script).trim().split('\n')).toEqual([
      ...['--ntasks=1', '--cpus-per-task=2', '--kill-on-bad-exit=1', process.execPath, '/e/cli.cjs'],
      ...['sweep', 'job', `/shared/it's a sweep`, '3', '7'],
    ]);
  });

  it('of several processes calls mpirun outside of a step, in which it could start none', () => {
    const slurm = { ranks: 2, before: ['# module load openmpi'], node: process.execPath };
    const script = jobScript({ directory: '/d', slurm }, '/e/cli.cjs');
    expect(script).not.toContain('srun ');
    // In case its launcher is srun.
    expect(script).toContain('\nexport SRUN_CPUS_PER_TASK="$SLURM_CPUS_PER_TASK"\n');
    expect(script).toContain(`\nexec ${process.execPath} /e/cli.cjs sweep job /d "$1" "$SLURM_ARRAY_TASK_ID"\n`);
    const args = sbatchArguments({ ...request, slurm }, 'script.sh');
    expect(args).toEqual(expect.arrayContaining(['--ntasks=2', '--cpus-per-task=2', '--signal=B:USR2@120']));
    expect(launcherOf(slurm)).toEqual(['mpirun', '-n', '2']);
    expect(launcherOf({ ...slurm, mpirun: ['srun', '--mpi=pmix'] })).toEqual(['srun', '--mpi=pmix', '-n', '2']);
    expect(launcherOf({ mpirun: ['mpirun'] })).toEqual([]);
  });

  it('reads the data, if that is all it is for', () => {
    const output = run(prepareScript({ directory: '/d', slurm: {} }, '/e/cli.cjs'));
    expect(output.trim().split('\n').slice(-3)).toEqual(['sweep', 'prepare', '/d']);
  });

  it('begins with the words of a container, which has a Node.js of its own', () => {
    const slurm = { wrap: ['apptainer', 'exec', 'my image.sif'], node: 'node' };
    const output = run(jobScript({ directory: '/d', slurm }, '/e/cli.cjs'));
    expect(output.split('\n').slice(3, 8)).toEqual(['apptainer', 'exec', 'my image.sif', 'node', '/e/cli.cjs']);
  });

  it('says what to set if the Node.js of the node is too old', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-old-node-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const node = path.join(folder, 'node');
    const pretend = 'Object.defineProperty(process, "versions", { value: { node: "18.20.0" } }); eval(process.argv[1])';
    writeFileSync(node, `#!/bin/sh\nexec '${process.execPath}' -e '${pretend}' "$2"\n`, { mode: 0o755 });
    expect(() => run(jobScript({ directory: '/d', slurm: { node } }, '/e/cli.cjs'))).toThrow(
      /node is too old: at least 20\.9 is needed\. Set "node" in "slurm"/,
    );
  });

  it('says what to set if the node has no Node.js', () => {
    const script = jobScript({ directory: '/d', slurm: { node: '/nowhere/node' } }, '/e/cli.cjs');
    expect(() => run(script)).toThrow(/Node.js is not at \/nowhere\/node on this node: set "node" in "slurm"/);
  });
});

describe('time limits', () => {
  it.each([
    ['5', 300],
    ['5:30', 330],
    ['2:00:00', 7200],
    ['1-12', 129_600],
    ['1-0:30', 88_200],
    ['1-0:0:10', 86_410],
    ['soon', null],
    ['1:2:3:4', null],
  ])('%s is %s seconds', (time, seconds) => {
    expect(timeLimitSeconds(time)).toBe(seconds);
  });

  it('leave time for long steps, but never more than half of it', () => {
    expect(leadSeconds('2:00:00', 0.01)).toBe(120);
    expect(leadSeconds('2:00:00', 100)).toBe(360);
    expect(leadSeconds('2:00:00', 10_000)).toBe(3600);
    expect(leadSeconds('1', 0.01)).toBe(30);
    expect(leadSeconds(undefined, 0.01)).toBe(120);
  });
});

describe('trials of a task', () => {
  it('are consecutive', () => {
    expect(tasksOf([4, 5, 6, 9, 10], 2)).toEqual([[4, 5], [6, 9], [10]]);
  });

  it('last ten minutes if the time of a trial is known, and leave work for all that run at once', () => {
    const auto = (trials: number, trialSeconds: number | null, atOnce: number | null) =>
      trialsPerTask('auto', { trials, trialSeconds, atOnce });
    expect(auto(1000, null, null)).toBe(1);
    expect(auto(1000, 60, null)).toBe(10);
    expect(auto(1000, 0.1, 100)).toBe(10);
    expect(auto(3, 0.1, 8)).toBe(1);
    expect(auto(1000, 4000, null)).toBe(1);
    expect(trialsPerTask(7, { trials: 1000, trialSeconds: 60, atOnce: null })).toBe(7);
  });
});
