// Finds the other processes (ranks) of a training, if this process was started as one of several.
import type { Communicator } from './communicator';
import { errors } from './errors';
import { openMpi } from './mpi';

/** Which program started this process as one of several ranks. */
type Launcher = 'open-mpi' | 'mpich';

/** Null if this process was not started by mpirun or srun as one of several. Nothing is loaded for that. */
export function launcherIn(env: NodeJS.ProcessEnv): Launcher | null {
  if (Number(env.OMPI_COMM_WORLD_SIZE) > 1) return 'open-mpi';
  if (Number(env.PMI_SIZE) > 1) return 'mpich';
  // srun --mpi=pmix, which serves both.
  if (env.PMIX_RANK !== undefined && Number(env.SLURM_STEP_NUM_TASKS) > 1) return 'open-mpi';
  return null;
}

/**
 * Joins the other ranks if this process is one of several; null if it is not.
 * @throws UserError if there is no MPI library, or koffi is not installed
 */
export async function joinRanks(env: NodeJS.ProcessEnv = process.env): Promise<Communicator | null> {
  const launcher = launcherIn(env);
  if (launcher === null) return null;
  if (process.platform === 'win32') throw errors.noWindows();
  const communicator = await openMpi(launcher, env.EARTHMOVER_MPI_LIBRARY);
  if (communicator.size > 1) return communicator;
  communicator.close();
  throw errors.otherLibrary(launcher);
}
