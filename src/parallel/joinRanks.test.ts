import { describe, expect, it } from 'vitest';
import { joinRanks, launcherIn } from './joinRanks';

describe('a process is one of several', () => {
  it.each<[string, NodeJS.ProcessEnv, string | null]>([
    ['under mpirun of Open MPI', { OMPI_COMM_WORLD_SIZE: '2' }, 'open-mpi'],
    ['under mpirun of MPICH, or srun --mpi=pmi2', { PMI_SIZE: '4' }, 'mpich'],
    ['under srun --mpi=pmix', { PMIX_RANK: '0', SLURM_STEP_NUM_TASKS: '2' }, 'open-mpi'],
    ['not if it is the only one', { OMPI_COMM_WORLD_SIZE: '1', PMI_SIZE: '1' }, null],
    ['not in the script of a job with several tasks', { SLURM_NTASKS: '4', SLURM_JOB_ID: '7' }, null],
    ['not as the only task of srun', { PMIX_RANK: '0', SLURM_STEP_NUM_TASKS: '1', SLURM_NTASKS: '4' }, null],
    ['not otherwise', {}, null],
  ])('%s', (_, env, launcher) => {
    expect(launcherIn(env)).toBe(launcher);
  });
});

it('loads nothing if it is the only process', async () => {
  expect(await joinRanks({})).toBeNull();
});

it.skipIf(process.platform !== 'linux')('says what to set without an MPI library (Linux)', async () => {
  const env = { PMI_SIZE: '2', EARTHMOVER_MPI_LIBRARY: '/nowhere/libmpi.so' };
  await expect(joinRanks(env)).rejects.toThrow(
    /(No MPI library could be loaded \(tried \/nowhere\/libmpi\.so\).*EARTHMOVER_MPI_LIBRARY|needs the package koffi)/,
  );
});
