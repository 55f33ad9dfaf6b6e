// Commands as process groups: the output is passed on or kept, and a command that hangs ends with all of its
// descendants.
import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './project.mjs';

/** The groups that run now, by the process that leads them. */
const running = new Set();

/**
 * Runs a command to its end. Its output goes to `write`, or to this terminal without one.
 * @returns {Promise<number>} exit code, 128 + the signal's number as shells count, or 124 if it was ended after `limit`
 * ms
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
    const done = () => {
      clearTimeout(timer);
      running.delete(child);
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      done();
      const end = () => resolve(late ? 124 : (code ?? (signal === 'SIGINT' ? 130 : 143)));
      // Its output ends with it, unless a descendant that outlives it holds it open.
      child.on('close', end);
      setTimeout(end, 2000).unref();
    });
  });
}

/** Ends all groups that run now: by a signal first, so that they can clean up. */
export const endGroups = (signal) => Promise.all([...running].map((child) => end(child, signal)));

const windows = process.platform === 'win32';

async function end(child, signal = 'SIGTERM') {
  if (windows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    return;
  }
  kill(child, signal);
  for (let waited = 0; waited < 10_000 && child.exitCode === null && child.signalCode === null; waited += 100)
    await sleep(100);
  kill(child, 'SIGKILL');
}

function kill(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
