// Runs that end early: Ctrl-C, stop, a closed pipe, a killed process; and resuming them.
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, type TestContext, vi } from 'vitest';
import { checkpoints, cli, cliFile, experiment, lines, metrics, scratch, start, status } from './cliProcess';

/** Too long to finish before a test ends it. */
const long = { steps: 1_000_000, checkpoints: { every: 50, keep: 3 }, metrics: [] };
const atStep = (step: number) => (line: { event: string; step: number }) => line.event === 'step' && line.step >= step;

describe('Ctrl-C', () => {
  it('saves a checkpoint and exits with 130; the run can be resumed from there', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const training = start(['train', experiment(folder, long), '--out', run, '--json']);
    await training.saw(atStep(20));
    training.child.kill('SIGINT');
    const ended = await training.ended;
    expect(ended).toMatchObject({ code: 130, signal: null });
    const end = lines(ended).at(-1);
    expect(end).toMatchObject({ event: 'end', reason: 'interrupted' });
    expect(checkpoints(run)).toContain(`step-${end?.step}`);
    expect(status(run)).toMatchObject({ state: 'interrupted', step: end?.step });

    const more = (end?.step ?? 0) + 10;
    const resumed = await cli(['resume', run, '--steps', String(more), '--json']);
    expect(resumed.code).toBe(0);
    expect(lines(resumed)[0]).toMatchObject({ event: 'start', from: end?.step, steps: more });
    expect(metrics(run).map(({ step }) => step)).toEqual(Array.from({ length: more }, (_, k) => k + 1));
  });

  it('pressed twice quits immediately', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    // One step of ten thousand critic updates: the first Ctrl-C waits for its end.
    const file = experiment(folder, { ...long, criticSteps: 10_000, batchSize: 1024 });
    const training = start(['train', file, '--out', run, '--json']);
    await training.saw(({ event }) => event === 'start');
    await vi.waitUntil(() => status(run).state === 'running', { timeout: 60_000 });
    await sleep(300);
    training.child.kill('SIGINT');
    await sleep(700);
    expect(training.child.exitCode).toBeNull();
    training.child.kill('SIGINT');
    const { code, signal } = await training.ended;
    // With 130, or, if it is too busy to react within half a second, by the signal, which shells report as 130.
    expect([130, 'SIGINT']).toContain(code ?? signal);
    if (code !== null) expect(status(run)).toMatchObject({ state: 'interrupted', message: 'quit without saving' });
    expect(checkpoints(run)).toEqual([]);
    const resumed = start(['resume', run, '--json']);
    expect(await resumed.saw(({ event }) => event === 'start')).toMatchObject({ from: 0 });
  });
});

describe('a signal of a batch system', () => {
  it.each([
    ['SIGTERM', 'repeated while the run is saved, never aborts it'],
    ['SIGUSR2', 'announces the time limit: the run is saved and can be resumed'],
  ] as const)('%s, %s', async (signal, _) => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    // Steps of hundreds of critic updates, so that the repeated signals arrive before the end of one.
    const file = experiment(folder, { ...long, criticSteps: 1500, batchSize: 512 });
    const training = start(['train', file, '--out', run, '--json']);
    await training.saw(({ event }) => event === 'step');
    // Also in the last moments of the process.
    const repeat = setInterval(() => training.child.kill(signal), 7);
    onTestFinished(() => clearInterval(repeat));
    const ended = await training.ended;
    expect(ended).toMatchObject({ code: 130, signal: null });
    const end = lines(ended).at(-1);
    expect(end).toMatchObject({ event: 'end', reason: 'interrupted' });
    expect(status(run)).toMatchObject({ state: 'interrupted', step: end?.step });
    expect(checkpoints(run)).toContain(`step-${end?.step}`);
  });
});

describe('stop', () => {
  it('returns when the run has ended; both processes exit with 0', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const training = start(['train', experiment(folder, long), '--out', run, '--json']);
    await training.saw(atStep(5));
    const stopped = await cli(['stop', run]);
    expect(stopped).toMatchObject({ code: 0, stderr: '' });
    const { state, step } = status(run);
    expect(state).toBe('stopped');
    expect(stopped.stdout).toContain(`stopped at step ${step} of 1000000.`);
    expect(checkpoints(run)).toContain(`step-${step}`);
    const ended = await training.ended;
    expect(ended.code).toBe(0);
    expect(lines(ended).at(-1)).toMatchObject({ event: 'end', reason: 'stopped', step });

    const again = await cli(['stop', run]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('has already ended (stopped)');
  });

  it('reports a process that exited unexpectedly', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const training = start(['train', experiment(folder, long), '--out', run, '--json']);
    await training.saw(atStep(5));
    training.child.kill('SIGKILL');
    await training.ended;
    const stopped = await cli(['stop', run]);
    expect(stopped.code).toBe(2);
    expect(stopped.stderr).toContain(`its process (${training.child.pid}) exited unexpectedly`);
  });
});

describe('the reader of --json', () => {
  it('may close the pipe: the run is saved and ends without an error', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const training = start(['train', experiment(folder, long), '--out', run, '--json']);
    await training.saw(atStep(3));
    training.child.stdout?.destroy();
    const { code, stderr } = await training.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(status(run).state).toBe('interrupted');
    expect(checkpoints(run)).toContain(`step-${status(run).step}`);
  });

  it('may be slow: it receives every event', async () => {
    const folder = scratch();
    const file = experiment(folder, {
      steps: 1500,
      criticSteps: 1,
      metrics: [],
      samples: { every: 1500, grid: [1, 1] },
    });
    const training = start(['train', file, '--out', path.join(folder, 'run'), '--json']);
    await training.saw(({ event }) => event === 'start');
    training.child.stdout?.pause();
    await sleep(1500);
    training.child.stdout?.resume();
    const ended = await training.ended;
    expect(ended.code).toBe(0);
    const steps = lines(ended).filter(({ event }) => event === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 1500 }, (_, k) => k + 1));
  });
});

it('a killed and resumed run has every step once, with the same rows as an uninterrupted run', async () => {
  const folder = scratch();
  const [whole, killed] = ['whole', 'killed'].map((name) => path.join(folder, name));
  const file = experiment(folder, {
    steps: 400,
    checkpoints: { every: 60, keep: 3 },
    samples: { every: 50, grid: [4, 4] },
  });
  const training = start(['train', file, '--out', killed, '--json']);
  await training.saw(atStep(150));
  training.child.kill('SIGKILL');
  expect((await training.ended).signal).toBe('SIGKILL');
  expect(status(killed).state).toBe('running');

  const resumed = await cli(['resume', killed, '--json']);
  expect(resumed.code).toBe(0);
  const from = lines(resumed)[0].from as number;
  expect(from).toBeGreaterThanOrEqual(60);
  expect(from % 60).toBe(0);
  expect((await cli(['train', file, '--out', whole, '--json'])).code).toBe(0);

  const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
  const rows = untimed(killed);
  expect(rows.map((row) => (row as Record<string, number>).step)).toEqual(Array.from({ length: 400 }, (_, k) => k + 1));
  expect(rows).toEqual(untimed(whole));
});

it('checkpoints by time: a killed run is resumed from one, with the same rows as an uninterrupted run', async () => {
  const folder = scratch();
  const [whole, killed] = ['whole', 'killed'].map((name) => path.join(folder, name));
  // Every 30 ms of training, and never by steps.
  const byTime = { every: 1_000_000, minutes: 0.0005, keep: 2 };
  const file = experiment(folder, {
    steps: 400,
    checkpoints: byTime,
    metrics: [],
    samples: { every: 100, grid: [4, 4] },
  });
  const training = start(['train', file, '--out', killed, '--json']);
  await training.saw(({ event, step }) => event === 'checkpoint' && step >= 100);
  training.child.kill('SIGKILL');
  await training.ended;
  const resumed = await cli(['resume', killed, '--json']);
  expect(resumed.code).toBe(0);
  expect(lines(resumed)[0].from).toBeGreaterThanOrEqual(100);
  expect(checkpoints(killed)).toHaveLength(2);
  const byStep = ['--set', 'checkpoints.minutes=null'];
  expect((await cli(['train', file, '--out', whole, ...byStep])).code).toBe(0);
  expect(checkpoints(whole)).toEqual(['step-400']);
  const untimed = (run: string) => metrics(run).map((row) => ({ ...row, wallTime: 0 }));
  expect(untimed(killed)).toEqual(untimed(whole));
});

it('on a terminal, one line is redrawn, followed by a summary', async (context: TestContext) => {
  if (!hasScript()) return context.skip('`script` of util-linux is required to create a terminal');
  const folder = scratch();
  const file = experiment(folder, { steps: 100, samples: { every: 50, grid: [4, 4] }, name: 'evil\u001b[31mname' });
  const command = `stty cols 100; '${process.execPath}' '${cliFile}' train '${file}' --out '${path.join(folder, 'run')}'`;
  const screen = await terminal(command);
  expect(screen).toContain('evil\\x1b[31mname');
  // Each redraw: a carriage return, the counter, the bar, the estimate, the rate and the remaining time.
  const drawn = screen.match(/\r *\d+\/100 {2}[█▏▎▍▌▋▊▉░]+ +\d+% {2}K·W \S+ +\S+ \S*it\S* {2}ETA [\d:-]+/g) ?? [];
  expect(drawn.length).toBeGreaterThan(1);
  for (const line of drawn) expect(line.length).toBeLessThanOrEqual(100);
  expect(screen).toMatch(/Finished.* at step 100 in \d+:\d\d/);
  expect(screen).toMatch(/modes.*\d of 8/);
});

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

/** The output of a command on a terminal that util-linux' `script` creates. */
function terminal(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', NO_COLOR: '1' };
    const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}
