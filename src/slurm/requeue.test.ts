// What a job does when it was told to end; scontrol is replaced by one that answers what a test has prepared.
import { describe, expect, it } from 'vitest';
import { fakeSlurm } from '../../test/support/fakeSlurm';
import { requeueJob, type EndingJob } from './requeue';

const env = { SLURM_JOB_ID: '31', SLURM_ARRAY_JOB_ID: '30', SLURM_ARRAY_TASK_ID: '1' };

const ending = (change: Partial<EndingJob> = {}): Promise<string> =>
  requeueJob({ env, requeue: true, isCanceled: false, hasProgressed: true, ...change });

const job = (state: string): string => `JobId=31 ArrayJobId=30 ArrayTaskId=1 JobState=${state} Reason=None Restarts=0`;

describe.skipIf(process.platform === 'win32')('a job that ends (skipped on Windows, which has no Slurm)', () => {
  it.each<[string, string, RegExp, boolean]>([
    ['its time is nearly over, or it is preempted with grace', job('RUNNING'), /^Saved and requeued/, true],
    ['it is preempted without grace, or canceled', job('COMPLETING'), /^Saved\. Slurm ends this job/, false],
    ['Slurm does not know it', 'error: Invalid job id specified', /^Saved, but Slurm did not answer/, false],
  ])('because %s', async (_, answer, message, requeues) => {
    const slurm = fakeSlurm({ scontrol: [answer, ''] });
    expect(await ending()).toMatch(message);
    expect(slurm.calls('scontrol')).toEqual(['show job -o 31', ...(requeues ? ['requeue 30_1'] : [])]);
  });

  it('says why Slurm does not requeue it', async () => {
    fakeSlurm({ scontrol: [job('RUNNING'), 'error: Requested operation is presently disabled for job 31'] });
    expect(await ending()).toMatch(/^Saved, but not requeued: Requested operation is presently disabled/);
  });

  it.each<[string, Partial<EndingJob>, RegExp]>([
    ['its trials were canceled', { isCanceled: true }, /canceled/],
    ['the file forbids it', { requeue: false }, /"requeue" is false/],
    [
      'it has not come a step further after three restarts',
      { hasProgressed: false, env: { ...env, SLURM_RESTART_COUNT: '3' } },
      /^Not requeued: it was restarted 3 times.*Raise "time" in "slurm"/,
    ],
    ['it is no job', { env: {} }, /not a job of Slurm/],
  ])('without being requeued if %s', async (_, change, message) => {
    const slurm = fakeSlurm({ scontrol: [job('RUNNING')] });
    expect(await ending(change)).toMatch(message);
    expect(slurm.calls('scontrol')).toEqual([]);
  });

  it('is requeued if it has not come further at first', async () => {
    fakeSlurm({ scontrol: [job('RUNNING'), ''] });
    expect(await ending({ hasProgressed: false, env: { ...env, SLURM_RESTART_COUNT: '2' } })).toMatch(/requeued/);
  });
});
