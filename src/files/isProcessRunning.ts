// Whether a process of this machine runs, for files that have its id in their name.
import { errno } from './errno';

/** Also true for a process of another user, and for a zombie, which has exited but keeps its id. */
export function isProcessRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errno(error) === 'EPERM';
  }
}
