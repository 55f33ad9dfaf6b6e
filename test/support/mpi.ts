// The mpirun of Open MPI and of MPICH.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The words that start several processes, before -n. */
export const launchers = {
  'Open MPI': ['mpirun.openmpi', '--oversubscribe', '--allow-run-as-root'],
  MPICH: ['mpirun.mpich'],
} as const;
export type Launcher = keyof typeof launchers;

/** Why several processes cannot train here; empty if they can. */
export function whyNoMpi(): string {
  try {
    createRequire(__filename).resolve('koffi');
  } catch {
    return 'the optional package koffi is not installed';
  }
  const missing = Object.values(launchers).find(([program]) => spawnSync(program, ['-V']).error);
  return missing ? `${missing[0]} is not installed: apt-get install openmpi-bin libopenmpi3 mpich libmpich12` : '';
}

/** Why srun cannot start MPI processes here; empty if it can. Its plugin opens PMIx by its name for development. */
export function whyNoPmix(): string {
  const folders = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/pmix2/lib/libpmix.so`);
  return folders.some((file) => existsSync(file)) ? '' : 'PMIx is not installed: apt-get install libpmix-dev';
}
