// The ranks other than 0 of a training by several processes: they print nothing, and end when rank 0 does.
import type { Communicator } from '../parallel/communicator';
import type { FollowRequest } from '../trainer/follow';
import { exitCode, exitCodeOf } from './exitCodes';
import { exitProcess } from './crashes';
import { onInterrupt } from './interrupts';
import { workers } from './bundlePaths';

/** Trains along with rank 0; resolves to the exit code. */
export async function followRank(request: Omit<FollowRequest, 'taskWorker' | 'prefetchWorker'>): Promise<number> {
  // Signals reach all ranks; rank 0 saves, and tells the others to end.
  const release = onInterrupt({ onFirst: () => {}, onSecond: () => exitProcess(exitCode.interrupted) });
  try {
    const { follow } = await import('../trainer/train');
    return exitCodeOf[await follow({ ...request, ...workers })];
  } finally {
    release();
  }
}

/** Ends the communication after a success of all ranks. Otherwise mpirun ends them when one exits. */
export function closeRanks(ranks: Communicator | null, code: number): void {
  if (code === exitCode.ok) ranks?.close();
}
