import { describe, expect, it } from 'vitest';
import { isOutage, reasonIn, slurmEnvironment } from './programs';

describe('a controller that is down or busy', () => {
  it.each([
    'slurm_load_jobs error: Unable to contact slurm controller (connect failure)',
    'slurm_load_jobs error: Socket timed out on send/recv operation',
    'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)',
    'sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received',
    'slurm_load_jobs error: Slurm backup controller in standby mode',
    'sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying',
    'squeue: error: slurm_receive_msg: Connection reset by peer',
  ])('%s', (text) => {
    expect(isOutage(text)).toBe(true);
  });

  it.each([
    'sbatch: error: invalid partition specified: nowhere',
    'sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)',
    'slurm_load_jobs error: Invalid job id specified',
  ])('is not meant by: %s', (text) => {
    expect(isOutage(text)).toBe(false);
  });
});

it('the reason of a failure has no prefixes and no repetitions', () => {
  expect(
    reasonIn(
      'sbatch: error: invalid partition specified: nowhere\nsbatch: error: Batch job submission failed: Invalid partition name specified\n',
    ),
  ).toBe('invalid partition specified: nowhere; Invalid partition name specified');
  expect(reasonIn(`sbatch: unrecognized option '--foo'\nTry "sbatch --help" for more information\n`)).toBe(
    `unrecognized option '--foo'`,
  );
  expect(reasonIn('')).toBe('it gave no reason');
});

it('programs do not see what would change their output, nor the job that this process is part of', () => {
  const env = {
    ...{ PATH: '/bin', SLURM_CONF: '/etc/slurm.conf', SBATCH_ACCOUNT: 'gan', SLURM_CLUSTERS: 'alpha' },
    ...{ SQUEUE_FORMAT: '%i', SQUEUE_STATES: 'RUNNING', SLURM_JOB_ID: '7', SLURM_MEM_PER_CPU: '100' },
    ...{ SBATCH_ARRAY_INX: '0-3', SBATCH_WAIT: '1', SBATCH_NO_REQUEUE: '1', SCANCEL_INTERACTIVE: '1', LC_ALL: 'de_DE' },
  };
  expect(slurmEnvironment(env)).toEqual({
    ...{ PATH: '/bin', SLURM_CONF: '/etc/slurm.conf', SBATCH_ACCOUNT: 'gan', SLURM_CLUSTERS: 'alpha', LC_ALL: 'C' },
  });
});
