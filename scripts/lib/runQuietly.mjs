// Runs a command with a progress line in place of its output, which is kept to explain a failure.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { clearInterval, setInterval } from 'node:timers';

/**
 * On a terminal one line counts the seconds; elsewhere a line is printed at the start and every 15 s. Everything goes
 * to stderr: stdout belongs to the program that is started afterwards.
 * @returns {Promise<{ code: number, output: string }>} exit code (130 after Ctrl-C) and the first and last 20 lines
 * printed
 */
export async function runQuietly(title, command, args, options) {
  const terminal = process.stderr.isTTY;
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const report = () =>
    process.stderr.write(terminal ? `\r\x1b[K${title} … ${seconds()} s` : `${title} … ${seconds()} s\n`);
  process.stderr.write(terminal ? `${title} …` : `${title} …\n`);
  const timer = setInterval(report, terminal ? 1000 : 15_000);
  const result = await collect(command, args, options);
  clearInterval(timer);
  if (terminal) process.stderr.write('\r\x1b[K');
  return result;
}

function collect(command, args, options) {
  return new Promise((resolve) => {
    // The first lines have the first error, the last ones how it ended; the lines between are dropped.
    const lines = [];
    const keep = (line) => {
      lines.push(line);
      if (lines.length > 40) lines.splice(20, 1);
    };
    // On Windows npm is a .cmd file, which needs a shell; these arguments need no quoting.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, { ...options, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', keep);
    let interrupted = false;
    const forward = (signal) => {
      interrupted = true;
      child.kill(signal);
    };
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);
    const done = (code) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve({ code: interrupted ? 130 : code, output: lines.join('\n') });
    };
    child.on('error', (error) => {
      keep(String(error));
      done(1);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}
