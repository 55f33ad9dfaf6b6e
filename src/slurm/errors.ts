// User errors about a cluster.
import { UserError } from '../shared/userError';

type SlurmErrorCode = 'no-slurm' | 'unreachable' | 'rejected' | 'damaged' | 'other-machine';

const slurmError = (code: SlurmErrorCode, message: string): UserError<SlurmErrorCode> => new UserError(code, message);

export const slurmMissing = (program: string): UserError =>
  slurmError(
    'no-slurm',
    `${program} was not found. Run this command on a login node of a Slurm cluster, or without --on slurm to train on this machine.`,
  );

export const slurmNotConfigured = (program: string, message: string): UserError =>
  slurmError(
    'no-slurm',
    `${program} finds no Slurm cluster: ${message}. Run this command on a login node, or set SLURM_CONF to the slurm.conf of the cluster; without --on slurm, trials run on this machine.`,
  );

export const slurmUnreachable = (program: string, message: string): UserError =>
  slurmError(
    'unreachable',
    `${program} cannot reach the Slurm controller: ${message}. Jobs that run continue. Try the same command again later.`,
  );

export const slurmFailed = (program: string, message: string): UserError =>
  slurmError('rejected', `${program} failed: ${message}.`);

/** `place` is `FILE:LINE:COLUMN` of the setting; `submitted` says what was submitted before. */
export const rejected = (place: string, setting: string, message: string, submitted: string): UserError =>
  slurmError(
    'rejected',
    `${place}: Slurm rejected ${setting}: ${message}. Change it, and run the same command again.${submitted}`,
  );

export const damagedSubmission = (file: string): UserError =>
  slurmError('damaged', `${file} is damaged: it has no list of trials. Delete it and resume the sweep.`);

export const noSubmission = (directory: string, submission: string, task: string): UserError =>
  slurmError(
    'damaged',
    `${directory} has no task ${task} of submission ${submission}. Submit the trials again: earthmover sweep resume ${directory} --on slurm`,
  );

export const noJobId = (stdout: string): UserError =>
  slurmError(
    'rejected',
    `sbatch printed no job id, but "${stdout.slice(0, 200)}". If it is a wrapper, call this command with Slurm's own sbatch first on the PATH.`,
  );
