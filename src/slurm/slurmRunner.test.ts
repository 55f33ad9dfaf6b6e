// Submissions, without Slurm: its programs are replaced by ones that answer what a test has prepared.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fakeSlurm } from '../../test/support/fakeSlurm';
import { checkSweep } from '../sweep/checkSweep';
import { planSweep } from '../sweep/plan';
import type { SweepEvent } from '../sweep/runner';
import type { Sweep } from '../sweep/sweepDirectory';
import { createSlurmRunner } from './slurmRunner';
import { createSubmission, readSubmissions, recordJob, submissionName } from './submissions';

const ring = JSON.stringify({
  data: { source: 'gaussians-ring' },
  generator: { network: 'mlp', depth: 1, width: 16 },
  critic: { network: 'mlp', depth: 1, width: 16 },
});

function sweepOf(slurm: object, more: object = { seeds: 6 }): Sweep {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-sweep-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const text = JSON.stringify({ experiment: './ring.gan.json', slurm, ...more }, null, 2);
  const { sweep } = checkSweep(text, path.join(folder, 'a.sweep.json'), { read: () => ring });
  return planSweep(path.join(folder, 'sweep'), sweep!, '0.0.0').sweep;
}

const runner = createSlurmRunner('/e/cli.cjs');

/** Starts all trials; the events as text. */
async function start(sweep: Sweep, atOnce: number | null = null, prepare = false): Promise<string[]> {
  const events: string[] = [];
  const listener = (event: SweepEvent): void => {
    if (event.event === 'submitted') events.push(`${event.trials} as ${event.job}`);
    else if (event.event === 'notice' && !/local disk/.test(event.message)) events.push(event.message);
  };
  const { signal } = new AbortController();
  expect(await runner.start({ sweep, trials: sweep.trials, atOnce, prepare, signal, listener })).toBe('submitted');
  return events;
}

/** The id of a process that has ended. */
const endedProcess = (): number => spawnSync(process.execPath, ['--version']).pid;

const max = (size: number): string[] => [`MaxArraySize = ${size}`];

/** Lines of squeue for the tasks of the first submission. */
const queueOf = (sweep: Sweep, job: string, states: readonly string[]): string => {
  const name = submissionName(sweep, 1);
  return states.map((state, index) => `${name}|${job}|${index}|${state}|None|n1|0:01\n`).join('');
};

describe.skipIf(process.platform === 'win32')('a sweep on Slurm (skipped on Windows, which has none)', () => {
  it('is submitted as an array, whose trials are recorded', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001), sbatch: ['Welcome to alpha!\n41;alpha\n'] });
    const sweep = sweepOf({ partition: 'gpu', each: 4 });
    expect(await start(sweep)).toEqual(['6 as 41']);
    expect(slurm.calls('sbatch')).toHaveLength(1);
    expect(slurm.calls('sbatch')[0]).toContain('--array=0-1 --cpus-per-task=1 --partition=gpu');
    expect(readSubmissions(sweep.directory)).toMatchObject([
      {
        number: 1,
        tasks: [
          [1, 2, 3, 4],
          [5, 6],
        ],
        job: '41',
        cluster: 'alpha',
      },
    ]);
    expect(readFileSync(path.join(sweep.directory, 'script.sh'), 'utf8')).toContain('/e/cli.cjs sweep job');
  });

  it('needs several arrays if one would be too large, one after another if the number at once is limited', async () => {
    const slurm = fakeSlurm({ scontrol: max(4), sbatch: ['41', '42'] });
    const sweep = sweepOf({ each: 1 });
    slurm.answer('squeue', queueOf(sweep, '41', ['RUNNING', 'RUNNING', 'PENDING', 'PENDING']));
    await start(sweep, 2);
    const [first, second] = slurm.calls('sbatch');
    expect(first).toContain('--array=0-3%2');
    expect(first).not.toContain('--dependency');
    expect(second).toContain('--array=0-1%2');
    expect(second).toContain('--dependency=afterany:41 ');
    expect(readSubmissions(sweep.directory).map(({ tasks }) => tasks.flat())).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
  });

  it('is not submitted twice', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001), sbatch: ['41', '42'] });
    const sweep = sweepOf({ each: 1 });
    await start(sweep);
    slurm.answer('squeue', queueOf(sweep, '41', ['COMPLETED', 'RUNNING', 'PENDING', 'FAILED', 'PENDING', 'PENDING']));
    await start(sweep);
    // Those that have left the queue without a result, and no others.
    expect(readSubmissions(sweep.directory)[1].tasks).toEqual([[1], [4]]);
    slurm.answer('squeue', queueOf(sweep, '41', Array<string>(6).fill('PENDING')));
    expect(await start(sweep)).toEqual(['All trials that have not ended are in the queue already.']);
  });

  it('is found in the queue if the answer of sbatch was lost', async () => {
    const slurm = fakeSlurm({
      scontrol: max(1001),
      sbatch: ['error: sbatch: error: Batch job submission failed: Socket timed out on send/recv operation'],
    });
    const sweep = sweepOf({ each: 1 });
    slurm.answer('squeue', queueOf(sweep, '77', Array<string>(6).fill('PENDING')));
    expect(await start(sweep)).toEqual(['6 as 77']);
    expect(slurm.calls('sbatch')).toHaveLength(1);
  });

  it('is submitted again if the process that submitted it was killed before Slurm had it', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001), sbatch: ['42'] });
    const sweep = sweepOf({ each: 3 });
    const lost = createSubmission(sweep, 1, [[1, 2, 3]])!;
    const file = path.join(sweep.directory, 'submissions', '1.json');
    writeFileSync(file, JSON.stringify({ ...lost, submitter: { ...lost.submitter!, pid: endedProcess() } }));
    expect(await start(sweep)).toEqual(['6 as 42']);
    expect(slurm.calls('sbatch')).toHaveLength(1);
    // Should Slurm have it after all, its tasks find nothing to train.
    expect(readSubmissions(sweep.directory).map(({ tasks }) => tasks)).toEqual([
      [],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ]);
  });

  it('waits for a command that is submitting its trials', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001), sbatch: ['42'] });
    const sweep = sweepOf({ each: 6 });
    const other = createSubmission(sweep, 1, [[1, 2, 3, 4, 5, 6]])!;
    const started = start(sweep);
    await vi.waitFor(() => expect(slurm.calls('squeue').length).toBeGreaterThan(0));
    slurm.answer('squeue', queueOf(sweep, '41', ['PENDING']));
    recordJob(sweep.directory, other, { job: '41', cluster: null });
    expect(await started).toEqual([
      'Waiting for another command, which submits trials of this sweep…',
      'All trials that have not ended are in the queue already.',
    ]);
    expect(slurm.calls('sbatch')).toEqual([]);
  });

  it('tells at its key of the file what Slurm rejects, and submits nothing', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001) });
    const sweep = sweepOf({
      ...{ partition: 'nowhere', time: '2x', memory: '4Q', gres: 'gpu:1', account: 'a', cpus: 64 },
      options: ['--mail-user=a@b', '--constraint=icelake', '-q long', '--foo=1'],
    });
    const at = async (stderr: string): Promise<string> => {
      slurm.answer('sbatch', `error: ${stderr}`);
      const error = await start(sweep).catch((thrown: Error) => thrown.message);
      expect(existsSync(path.join(sweep.directory, 'submissions', '1.json'))).toBe(false);
      return String(error).replace(/^.*a\.sweep\.json:(\d+):\d+: Slurm rejected (.*?): (.*?)\. Change.*$/, '$1 $2: $3');
    };
    const lines = readFileSync(path.join(sweep.directory, 'sweep.json'), 'utf8');
    const source = (JSON.parse(lines) as { source: { text: string } }).source.text.split('\n');
    const line = (text: string): number => source.findIndex((each) => each.includes(text)) + 1;
    expect(await at('sbatch: error: invalid partition specified: nowhere')).toBe(
      `${line('"partition"')} "slurm.partition": invalid partition specified: nowhere`,
    );
    expect(await at('sbatch: error: Invalid --time specification')).toMatch(`${line('"time"')} "slurm.time": `);
    expect(await at('sbatch: error: Invalid --mem specification')).toMatch(`${line('"memory"')} "slurm.memory": `);
    expect(await at('sbatch: error: Memory specification can not be satisfied')).toMatch(
      `${line('"memory"')} "slurm.memory"`,
    );
    expect(await at('sbatch: error: Invalid generic resource (gres) specification')).toMatch(
      `${line('"gres"')} "slurm.gres"`,
    );
    expect(await at('sbatch: error: Invalid account or account/partition combination specified')).toMatch(
      '"slurm.account"',
    );
    expect(await at('sbatch: error: Requested node configuration is not available')).toMatch(
      `${line('"cpus"')} "slurm.cpus"`,
    );
    expect(await at('sbatch: error: Invalid feature specification')).toMatch(
      `${line('icelake')} line 2 of "slurm.options"`,
    );
    expect(await at('sbatch: error: Invalid qos specification')).toMatch(
      `${line('-q long')} line 3 of "slurm.options"`,
    );
    expect(await at(`sbatch: unrecognized option '--foo=1'`)).toMatch(`${line('--foo')} line 4 of "slurm.options"`);
    expect(await at('sbatch: error: QOSMaxSubmitJobPerUserLimit\nerror: Job violates accounting/QOS policy')).toMatch(
      `${line('"slurm"')} "slurm": QOSMaxSubmitJobPerUserLimit`,
    );
  });

  it('waits for the job that reads the data, if there is one', async () => {
    const slurm = fakeSlurm({ scontrol: max(4), sbatch: ['40', '41', '42'] });
    const sweep = sweepOf({ each: 1 });
    await start(sweep, null, true);
    const [first, ...arrays] = slurm.calls('sbatch');
    expect(first).toMatch(/--job-name=a-[0-9a-f]+\.prepare .*\/prepare\.sh$/);
    expect(arrays).toHaveLength(2);
    for (const call of arrays) expect(call).toContain('--dependency=afterok:40 ');
    expect(readFileSync(path.join(sweep.directory, 'prepare.sh'), 'utf8')).toContain('/e/cli.cjs sweep prepare');
    const lines = await runner.preview({ sweep, trials: sweep.trials, atOnce: null, prepare: true });
    expect(lines.join('\n')).toMatch(/read first, by JOB:\nsbatch .*prepare\.sh\n\nsbatch .*--dependency=afterok:JOB/);
    // Nothing is submitted, so nothing is prepared.
    slurm.answer('squeue', queueOf(sweep, '41', Array<string>(4).fill('PENDING')));
    await runner.cancel(sweep, sweep.trials);
    expect(slurm.calls('scancel')[0]).toMatch(/^--name=a-[0-9a-f]+\.prepare$/);
  });

  it('that can never start is told so at once', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001), sbatch: ['41'] });
    const sweep = sweepOf({ time: '9-0', each: 6 });
    slurm.answer('squeue', `${submissionName(sweep, 1)}|41|0|PENDING|PartitionTimeLimit||0:00\n`);
    expect((await start(sweep)).at(-1)).toMatch(/it can never start \(PartitionTimeLimit\): its "time"/);
  });

  it('says why trials wait', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001), sbatch: ['41'] });
    const sweep = sweepOf({ each: 2 });
    expect(await runner.waiting(sweep)).toEqual(new Map());
    expect(slurm.calls('squeue')).toEqual([]);
    await start(sweep);
    slurm.answer('squeue', queueOf(sweep, '41', ['RUNNING', 'FAILED']));
    const log = path.join(sweep.directory, 'logs', 'job-41_1.txt');
    writeFileSync(log, '');
    expect([...(await runner.waiting(sweep))]).toEqual([
      [1, 'job 41_0 is RUNNING on n1, 0:01'],
      [2, 'job 41_0 is RUNNING on n1, 0:01'],
      [3, 'job 41_1 ended as FAILED, see logs/job-41_1.txt'],
      [4, 'job 41_1 ended as FAILED, see logs/job-41_1.txt'],
      [5, 'left the queue of Slurm'],
      [6, 'left the queue of Slurm'],
    ]);
    rmSync(log);
    expect((await runner.waiting(sweep)).get(3)).toBe(
      `job 41_1 ended as FAILED without any output: n1 does not see ${sweep.directory}, or may not write to it. Put the sweep on a disk that all nodes share (--out DIR)`,
    );
  });

  it('is canceled task by task, or whole', async () => {
    const slurm = fakeSlurm({ scontrol: max(1001), sbatch: ['41'] });
    const sweep = sweepOf({ each: 2 });
    await start(sweep);
    slurm.answer('squeue', queueOf(sweep, '41', ['RUNNING', 'PENDING', 'PENDING']));
    // Trial 3 shares its task with trial 4.
    await runner.cancel(
      sweep,
      sweep.trials.filter(({ trial }) => [1, 2, 3].includes(trial)),
    );
    await runner.cancel(sweep, sweep.trials);
    expect(slurm.calls('scancel')).toEqual(['41_0', '41']);
    slurm.answer(
      'scancel',
      'error: scancel: error: Kill job error on job id 41: Job/step already completing or completed',
    );
    await runner.cancel(sweep, sweep.trials);
    slurm.answer('scancel', 'error: scancel: error: Kill job error on job id 41: Access/permission denied');
    await expect(runner.cancel(sweep, sweep.trials)).rejects.toThrow(/scancel failed: .*permission denied/);
  });

  it('is shown by a dry run, with what Slurm says about it', async () => {
    const slurm = fakeSlurm({
      sbatch: ['error: sbatch: Job 9 to start at 2026-12-01T10:17:38 using 1 processors on nodes n1 in partition gpu'],
    });
    const sweep = sweepOf({ partition: 'gpu', each: 2, before: ['module load nodejs'] });
    slurm.answer('sbatch', '');
    const lines = await runner.preview({ sweep, trials: sweep.trials, atOnce: null, prepare: false });
    expect(lines[0]).toBe('3 tasks of Slurm, each for 2 trials one after another.');
    expect(lines.join('\n')).toContain('--array=0-2 --cpus-per-task=1 --partition=gpu ');
    expect(lines).toContain('module load nodejs');
    expect(slurm.calls('sbatch')[0]).toMatch(/--test-only --wrap=true$/);
    expect(readSubmissions(sweep.directory)).toEqual([]);
    slurm.answer('sbatch', 'error: sbatch: error: invalid partition specified: gpu');
    await expect(runner.preview({ sweep, trials: sweep.trials, atOnce: null, prepare: false })).rejects.toThrow(
      /Slurm rejected "slurm.partition"/,
    );
  });
});

it('without Slurm says where to run the command', async () => {
  const sweep = sweepOf({});
  const before = process.env.PATH;
  onTestFinished(() => void (process.env.PATH = before));
  const folder = path.dirname(sweep.directory);
  writeFileSync(path.join(folder, 'empty'), '');
  process.env.PATH = folder;
  await expect(start(sweep)).rejects.toThrow(/scontrol was not found. Run this command on a login node/);
});
