// MPI through koffi, without a compiler: Open MPI, whose handles are addresses of symbols, and the MPICH family (MPICH,
// Intel MPI, Cray MPICH, MVAPICH), whose handles are integers.
import type { LibraryHandle, load as loadLibrary } from 'koffi';
import type { Communicator } from './communicator';
import { errors } from './errors';

/** Handles and constants of one family of libraries. */
interface Family {
  readonly libraries: readonly string[];
  /** C type of a handle. */
  readonly handle: string;
  readonly inPlace: bigint;
  /** A predefined handle: the address of a symbol, or a number. */
  constant(symbol: (name: string) => unknown, name: 'world' | 'float' | 'sum'): unknown;
}

const symbols = { world: 'ompi_mpi_comm_world', float: 'ompi_mpi_float', sum: 'ompi_mpi_op_sum' };
const numbers = { world: 0x44000000, float: 0x4c00040a, sum: 0x58000003 };

const families: Readonly<Record<'open-mpi' | 'mpich', Family>> = {
  'open-mpi': {
    libraries: ['libmpi.so.40', 'libmpi.40.dylib'],
    handle: 'void *',
    inPlace: 1n,
    constant: (symbol, name) => symbol(symbols[name]),
  },
  mpich: {
    libraries: ['libmpich.so.12', 'libmpi.so.12', 'libmpi.12.dylib'],
    handle: 'int',
    inPlace: -1n,
    constant: (_, name) => numbers[name],
  },
};

/** Initializes MPI. @throws UserError without koffi or a library */
export async function openMpi(launcher: keyof typeof families, library?: string): Promise<Communicator> {
  const koffi = await import('koffi').catch(({ message }: Error) => {
    throw errors.noKoffi(message.split('\n')[0]);
  });
  const { libraries, handle, inPlace, constant } = families[launcher];
  const lib = load(koffi, library === undefined ? libraries : [library]);
  const symbol = (name: string): unknown => lib.symbol(name, 'char');
  const [world, float, sum] = (['world', 'float', 'sum'] as const).map((name) => constant(symbol, name));
  const call = (name: string, ...types: string[]): ((...args: unknown[]) => void) => {
    const f = lib.func(name, 'int', types) as (...args: unknown[]) => number;
    return (...args) => {
      const code = f(...args);
      if (code !== 0) throw errors.failed(name, code);
    };
  };
  const number = (name: string): number => {
    const out = [0];
    call(name, handle, '_Out_ int *')(world, out);
    return out[0];
  };
  call('MPI_Init', 'void *', 'void *')(null, null);
  const allreduce = call('MPI_Allreduce', 'intptr_t', 'void *', 'int', handle, handle, handle);
  const broadcast = call('MPI_Bcast', 'void *', 'int', handle, 'int', handle);
  const finalize = call('MPI_Finalize');
  return {
    rank: number('MPI_Comm_rank'),
    size: number('MPI_Comm_size'),
    sum: (x) => allreduce(inPlace, x, x.length, float, sum, world),
    broadcast: (x) => broadcast(x, x.length, float, 0, world),
    close: () => finalize(),
  };
}

/** Loads the first library that is there; its own modules look for its symbols among all of the process. */
function load(koffi: { readonly load: typeof loadLibrary }, names: readonly string[]): LibraryHandle {
  let reason = '';
  for (const name of names) {
    try {
      return koffi.load(name, { global: true, lazy: true });
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  throw errors.noLibrary(names, reason);
}
