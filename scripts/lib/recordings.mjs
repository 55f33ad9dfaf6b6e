// Run directories in every state, recorded from the real trainer once per build, for tests and screenshots of the
// monitor.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.mjs';
import { root } from './project.mjs';

const cli = path.join(root, 'dist/cli.cjs');

const points = {
  name: 'ring',
  preset: 'wgan-gp',
  data: { source: 'gaussians-ring', modes: 8 },
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 2, width: 64 },
  critic: { network: 'mlp', depth: 2, width: 64 },
  batchSize: 64,
  steps: 300,
  samples: { every: 60 },
  checkpoints: { every: 100, keep: 1 },
  metrics: ['modes', 'w1'],
};
const brief = { ...points, steps: 60 };
const small = { network: 'mlp', depth: 1, width: 16 };

/** The experiments by the name of the recording. */
const experiments = {
  ring: points,
  digits: {
    ...points,
    name: 'digits',
    data: { source: 'digits' },
    latent: { size: 16 },
    batchSize: 32,
    steps: 80,
    samples: { every: 20, grid: [4, 4] },
    metrics: [],
  },
  // Diverges, since the loss is exponential and the learning rate of SGD is high.
  diverged: {
    ...points,
    objective: { kind: 'f-gan', divergence: 'kl' },
    constraint: null,
    optimizer: { kind: 'sgd', learningRate: 0.1 },
    generator: small,
    critic: small,
    batchSize: 32,
    samples: { every: 15 },
  },
  'seed-1': { ...brief, seed: 1 },
  'seed-2': { ...brief, seed: 2 },
  clipped: { ...brief, constraint: { kind: 'clip', c: 0.05 } },
};

/**
 * Returns the folder of the recordings and makes them on the first call. Each is a run directory, named after its
 * state, that was copied while its trainer was suspended. `sendCommand` is the extension's function.
 */
export function recordings({ sendCommand }) {
  const key = createHash('sha256');
  for (const file of [cli, path.join(root, 'dist/trainer.cjs'), fileURLToPath(import.meta.url)])
    key.update(readFileSync(file));
  return cached(`recordings-${key.digest('hex').slice(0, 12)}`, async (folder) => {
    const at = (name) => path.join(folder, name);
    for (const [name, experiment] of Object.entries(experiments))
      writeFileSync(at(`${name}.gan.json`), JSON.stringify(experiment, null, 2));
    const train = (name, directory = at(name)) =>
      trainer(directory, 'train', at(`${name}.gan.json`), '--out', directory);
    await Promise.all([
      recordRing(train('ring', at('live')), at, sendCommand),
      (async () => {
        await recordDigits(train('digits'), at('sampling'));
        for (const name of ['seed-1', 'seed-2', 'clipped']) await train(name).end('finished');
        await train('diverged').end('diverged');
        await recordFailure(train('ring', at('failed')), 'it runs', isAt(20));
        await recordFailure(train('digits', at('failed-at-start')), 'it starts', ({ state }) => state === 'starting');
      })(),
    ]);
    rmSync(at('live'), { recursive: true });
  });
}

/** A run from start to end, with a pause, a stop and an interruption. */
async function recordRing(first, at, sendCommand) {
  const { directory } = first;
  const copy = (name) => () => cpSync(directory, at(name), { recursive: true });
  await first.when('it starts', ({ state }) => state === 'starting', copy('starting'));
  await first.when('it runs', isAt(150), copy('running'));
  await sendCommand(directory, 'pause');
  await first.when('it pauses', ({ state }) => state === 'paused', copy('paused'));
  await sendCommand(directory, 'resume');
  await first.when(
    'it resumes',
    ({ state }) => state === 'running',
    () => {},
  );
  await sendCommand(directory, 'stop');
  await first.when('it stops', ({ state }) => state === 'stopping', copy('stopping'));
  await first.end('stopped');
  copy('stopped')();
  const second = trainer(directory, 'resume', directory);
  await second.when(
    'it has resumed',
    ({ attempt, step }) => attempt === 2 && step >= 230,
    () => second.interrupt(),
  );
  await second.end('interrupted');
  copy('interrupted')();
  await trainer(directory, 'resume', directory).end('finished');
  copy('finished')();
}

/** A run that is copied to `samplingFolder` after two sample images. */
async function recordDigits(run, samplingFolder) {
  // The status is written only twice per second, in which time the run would end.
  await run.when(
    'it saves samples',
    () => existsSync(path.join(run.directory, 'samples', 'step-40.png')),
    () => sleep(600),
  );
  await run.when('the status is updated', isAt(40), () => cpSync(run.directory, samplingFolder, { recursive: true }));
  await run.end('finished');
}

/** A run that fails because its samples folder is replaced by a file, before the first step or later. */
async function recordFailure(run, what, condition) {
  const samples = path.join(run.directory, 'samples');
  await run.when(what, condition, () => {
    renameSync(samples, `${samples}-aside`);
    writeFileSync(samples, '');
  });
  await run.end('failed');
  rmSync(samples);
  renameSync(`${samples}-aside`, samples);
}

/** Running, at that step or later. */
export const isAt = (step) => (status) => status.state === 'running' && status.step >= step;

/**
 * Starts a trainer process. `when(what, condition, act)` acts once its status meets a condition; `end(state)` waits
 * for its end.
 */
export function trainer(directory, ...args) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: path.dirname(directory),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const status = () => {
    try {
      return JSON.parse(readFileSync(path.join(directory, 'status.json'), 'utf8'));
    } catch {
      return { state: 'none' };
    }
  };
  const failure = (what) => new Error(`Recording a run failed: timed out waiting until ${what}.\n${output}`);
  return {
    directory,
    interrupt: () => child.kill('SIGINT'),
    /** Suspends the process once the condition is met, runs `act`, and resumes it. */
    async when(what, condition, act) {
      for (const limit = performance.now() + 600_000; ; await sleep(1)) {
        const seen = status();
        if (condition(seen)) {
          child.kill('SIGSTOP');
          const still = condition(status());
          if (still) await act();
          child.kill('SIGCONT');
          if (still) return;
        }
        if (child.exitCode !== null || performance.now() > limit) throw failure(what);
        // A run that trains is slowed down: in the time between two writes of its status it could end.
        if (seen.state === 'running') {
          child.kill('SIGSTOP');
          await sleep(8);
          child.kill('SIGCONT');
        }
      }
    },
    async end(state) {
      await ended;
      if (status().state !== state) throw failure(`the run is ${state}, it is ${status().state}`);
    },
  };
}

/**
 * Copies a recorded or trained run into a new `directory` as if it were trained now: `alive` with an existing process;
 * `stalled` with one that has made no step for ten minutes; `dead` with one that was killed; `elsewhere` on another
 * machine. An ended run stays ended. Only process and times in status.json are changed. Files that the monitor does
 * not read are skipped.
 */
export function replay({ thisProcess }, recorded, directory, liveness = 'alive') {
  mkdirSync(directory, { recursive: true });
  cpSync(recorded, directory, {
    recursive: true,
    filter: (file) => !/[\\/](checkpoints|events\.out[^\\/]*)$/.test(file),
  });
  const file = path.join(directory, 'status.json');
  const status = JSON.parse(readFileSync(file, 'utf8'));
  const processes = {
    alive: thisProcess(),
    stalled: thisProcess(),
    dead: { host: hostname() },
    elsewhere: { host: 'node-17' },
  };
  const timeShift = Date.now() / 1000 - (liveness === 'stalled' ? 600 : 0) - status.updatedAt;
  const times = ['startedAt', 'updatedAt', 'lastStepAt'].map((key) => [key, status[key] && status[key] + timeShift]);
  writeFileSync(file, JSON.stringify({ ...status, ...processes[liveness], ...Object.fromEntries(times) }));
  return directory;
}
