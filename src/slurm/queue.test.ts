import { describe, expect, it } from 'vitest';
import {
  isQueued,
  neverStarts,
  parseJobState,
  parseMaxArraySize,
  parseQueue,
  taskText,
  type QueuedTask,
} from './queue';

/** What squeue prints from Slurm 20.11 to 24.11: the format is the caller's, only reasons and states were added. */
const text = `\
robust-0e7298.1|2|0|COMPLETED|None|n1|0:10
robust-0e7298.1|2|1|RUNNING|None|n[1-2]|1-02:03:04
robust-0e7298.1|2|2|PENDING|JobArrayTaskLimit||0:00
robust-0e7298.1|2|3|PENDING|(Resources)||0:00
robust-0e7298.2|117|0|CANCELLED by 1000|None|n1|0:02
robust-0e7298.2|117|1|PENDING|ReqNodeNotAvail, UnavailableNodes:n[3-4]||0:00
robust-0e7298.2|117|2|COMPLETING|None|n2|0:31
`;

describe('the text of squeue', () => {
  it('gives the tasks of arrays', () => {
    const tasks = parseQueue(text);
    expect(tasks.map(({ job, index, state }) => [job, index, state])).toEqual([
      ['2', 0, 'COMPLETED'],
      ['2', 1, 'RUNNING'],
      ['2', 2, 'PENDING'],
      ['2', 3, 'PENDING'],
      ['117', 0, 'CANCELLED'],
      ['117', 1, 'PENDING'],
      ['117', 2, 'COMPLETING'],
    ]);
    expect(tasks[3].reason).toBe('Resources');
    expect(tasks.map(isQueued)).toEqual([false, true, true, true, false, true, true]);
  });

  it('is found among lines of login scripts and headings of clusters', () => {
    const noisy = `Welcome to the cluster | news: none\nCLUSTER: alpha\n${text}\n*** maintenance on Monday ***\n`;
    expect(parseQueue(noisy)).toEqual(parseQueue(text));
  });

  it('leaves out jobs that are no arrays', () => {
    expect(parseQueue('shell|12|N/A|RUNNING|None|n1|0:10\n\n')).toEqual([]);
  });
});

const task = (change: Partial<QueuedTask>): QueuedTask => ({
  ...{ name: 'a-1.1', job: '7', index: 3, state: 'PENDING', reason: 'Priority', nodes: '', elapsed: '0:00' },
  ...change,
});

describe('a task in words', () => {
  it.each<[Partial<QueuedTask>, string]>([
    [{}, 'job 7_3 is queued: waits behind other jobs (Priority)'],
    [{ reason: 'None' }, 'job 7_3 is queued: not yet considered'],
    [{ reason: 'AssocGrpGRES' }, 'job 7_3 is queued: a limit of your account is reached (AssocGrpGRES)'],
    [{ reason: 'SomethingNew' }, 'job 7_3 is queued: SomethingNew'],
    [{ state: 'RUNNING', reason: 'None', nodes: 'n2', elapsed: '1:02' }, 'job 7_3 is RUNNING on n2, 1:02'],
    [{ state: 'FAILED', reason: 'NonZeroExitCode' }, 'job 7_3 ended as FAILED'],
    [
      { state: 'OUT_OF_MEMORY', reason: 'OutOfMemory' },
      'job 7_3 ended as OUT_OF_MEMORY: raise "memory" in "slurm" of the sweep file, and start the sweep again',
    ],
    [{ state: 'CANCELLED', reason: 'Dependency' }, 'job 7_3 ended as CANCELLED (Dependency)'],
  ])('%j: %s', (change, words) => {
    expect(taskText(task(change))).toBe(words);
  });

  it.each(['PartitionTimeLimit', 'PartitionConfig', 'QOSMaxWallDurationPerJobLimit', 'BadConstraints'])(
    'says that %s never ends by itself',
    (reason) => {
      expect(neverStarts(reason)).toBe(true);
      expect(taskText(task({ reason }))).toMatch(
        new RegExp(`can never start \\(${reason}\\): .*"slurm" in the sweep file`),
      );
    },
  );

  it.each(['Priority', 'Resources', 'JobArrayTaskLimit', 'QOSMaxJobsPerUserLimit', 'BeginTime'])(
    'does not say that of %s',
    (reason) => {
      expect(neverStarts(reason)).toBe(false);
    },
  );
});

it('the state of a job is read from scontrol show job', () => {
  const line = 'JobId=31 ArrayJobId=30 ArrayTaskId=1 JobName=a JobState=COMPLETING Reason=None Requeue=1 Restarts=1';
  expect(parseJobState(line)).toBe('COMPLETING');
  expect(parseJobState('slurm_load_jobs error: Invalid job id specified')).toBeNull();
});

it('the size of arrays is read from scontrol show config', () => {
  expect(parseMaxArraySize('MaxArraySize            = 101\nMaxBatchRequeue         = 5\n')).toBe(101);
  expect(parseMaxArraySize('nothing')).toBe(1001);
});
