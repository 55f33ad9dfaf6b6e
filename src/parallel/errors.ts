// User errors about training by several processes.
import { UserError } from '../shared/userError';

type ParallelErrorCode = 'no-mpi' | 'drift';

const parallelError = (code: ParallelErrorCode, message: string): UserError<ParallelErrorCode> =>
  new UserError(code, message);

export const errors = {
  noWindows: () => parallelError('no-mpi', 'Training by several processes is not available on Windows.'),
  noKoffi: (reason: string) =>
    parallelError(
      'no-mpi',
      `Training by several processes needs the package koffi, which cannot be loaded: ${reason}. Install it: npm install koffi@3.3.4`,
    ),
  noLibrary: (tried: readonly string[], reason: string) =>
    parallelError(
      'no-mpi',
      `No MPI library could be loaded (tried ${tried.join(', ')}): ${reason}. Set EARTHMOVER_MPI_LIBRARY to the path of libmpi.so.`,
    ),
  otherLibrary: (launcher: string) =>
    parallelError(
      'no-mpi',
      `mpirun started several processes, but the MPI library (${launcher}) sees only one: it belongs to another mpirun. Set EARTHMOVER_MPI_LIBRARY to the path of its own libmpi.so.`,
    ),
  failed: (operation: string, code: number) =>
    parallelError('no-mpi', `${operation} failed with the MPI error ${code}. Resume the run to continue.`),
  drifted: (step: number) =>
    parallelError(
      'drift',
      `The weights of the processes differ at step ${step}, so their gradients do not belong together. Use nodes of one kind, and one thread per process. Resume the run to continue from its last checkpoint.`,
    ),
};
