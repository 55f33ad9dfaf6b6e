// Commands as process groups: the output is passed on or kept, and a command that hangs ends with all of its descendants.
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './project.mjs';

const windows = process.platform === 'win32';

/** The groups that run now, by the process that leads them. */
const running = new Set();

/**
 * Runs a command to its end. Its output goes to `write`, or to this terminal without one.
 * @returns {Promise<number>} exit code, 128 + the signal's number as shells count, or 124 if it was ended after `limit` ms
 */
export function runGroup(command, args, { env = process.env, limit, write }) {
  return new Promise((resolve, reject) => {
    const output = write ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', output, output], detached: !windows });
    if (write) for (const stream of [child.stdout, child.stderr]) stream.on('data', write);
    running.add(child);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      void end(child);
    }, limit);
    // Its output ends with it, unless a descendant in another group holds it open.
    const closed = new Promise((done) => child.on('close', done));
    child.on('error', (error) => {
      clearTimeout(timer);
      running.delete(child);
      reject(error);
    });
    child.on('exit', async (code, signal) => {
      clearTimeout(timer);
      // Nothing of the group outlives its leader.
      await end(child);
      await Promise.race([closed, sleep(2000)]);
      running.delete(child);
      resolve(late ? 124 : (code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
  });
}

/** Ends all groups that run now. */
export const endGroups = (signal) => Promise.all([...running].map((child) => end(child, signal)));

/** Asks the processes of a group to end, so that they can clean up, and ends those that do not within 10 s. */
async function end(child, signal = 'SIGTERM') {
  if (windows) {
    if (child.exitCode === null) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    return;
  }
  if (!kill(child, signal)) return;
  for (let waited = 0; waited < 10_000; waited += 100) {
    await sleep(100);
    if (!kill(child, 0)) return;
  }
  kill(child, 'SIGKILL');
}

/** Whether there is such a group yet. */
function kill(child, signal) {
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
    return false;
  }
}
