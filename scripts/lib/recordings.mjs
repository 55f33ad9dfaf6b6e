// Run directories for the monitor to show: what the real trainer leaves in every state of a run, recorded once for each build of it.
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

/** The experiments, by the name of the folder that their run is recorded in. */
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
  // Gradient descent with long steps where the loss has an exponential in it.
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
 * The folder with the recordings, made here the first time: each is a run directory named for the state it was in when it
 * was copied, its trainer held meanwhile. `sendCommand` is the product's own.
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
      lifeOfARing(train('ring', at('live')), at, sendCommand),
      (async () => {
        await aRunOfDigits(train('digits'), at('drawing'));
        for (const name of ['seed-1', 'seed-2', 'clipped']) await train(name).end('finished');
        await train('diverged').end('diverged');
        await failing(train('ring', at('failed')), 'it runs', isAt(20));
        await failing(train('digits', at('unbegun')), 'it starts', ({ state }) => state === 'starting');
      })(),
    ]);
    rmSync(at('live'), { recursive: true });
  });
}

/** From its start to its end, with a pause, a stop and an interruption on the way. */
async function lifeOfARing(first, at, sendCommand) {
  const { directory } = first;
  const copy = (name) => () => cpSync(directory, at(name), { recursive: true });
  await first.when('it starts', ({ state }) => state === 'starting', copy('starting'));
  await first.when('it runs', isAt(150), copy('running'));
  sendCommand(directory, 'pause');
  await first.when('it pauses', ({ state }) => state === 'paused', copy('paused'));
  sendCommand(directory, 'resume');
  await first.when(
    'it goes on',
    ({ state }) => state === 'running',
    () => {},
  );
  sendCommand(directory, 'stop');
  await first.when('it stops', ({ state }) => state === 'stopping', copy('stopping'));
  await first.end('stopped');
  copy('stopped')();
  const second = trainer(directory, 'resume', directory);
  await second.when(
    'it has gone on',
    ({ attempt, step }) => attempt === 2 && step >= 230,
    () => second.interrupt(),
  );
  await second.end('interrupted');
  copy('interrupted')();
  await trainer(directory, 'resume', directory).end('finished');
  copy('finished')();
}

/** Copied to `drawing` on the way, with two pictures. */
async function aRunOfDigits(run, drawing) {
  // A status is written twice a second, in which time it would be over.
  await run.when(
    'it draws',
    () => existsSync(path.join(run.directory, 'samples', 'step-40.png')),
    () => sleep(600),
  );
  await run.when('it says so', isAt(40), () => cpSync(run.directory, drawing, { recursive: true }));
  await run.end('finished');
}

/** The folder of its pictures goes away below it, before the first step or later, and is there again when it has failed. */
async function failing(run, what, isSo) {
  const samples = path.join(run.directory, 'samples');
  await run.when(what, isSo, () => {
    renameSync(samples, `${samples}-aside`);
    writeFileSync(samples, '');
  });
  await run.end('failed');
  rmSync(samples);
  renameSync(`${samples}-aside`, samples);
}

/** Under way, at that step or a little later. */
export const isAt = (step) => (status) => status.state === 'running' && status.step >= step;

/** A process that trains into a directory: `when(what, isSo, act)` does something as soon as its status is so, `end(state)` waits for its end. */
export function trainer(directory, ...args) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: path.dirname(directory),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const status = () => {
    try {
      return JSON.parse(readFileSync(path.join(directory, 'status.json'), 'utf8'));
    } catch {
      return { state: 'none' };
    }
  };
  const wrong = (what) => new Error(`While a run was recorded: waited in vain until ${what}.\n${said}`);
  return {
    directory,
    interrupt: () => child.kill('SIGINT'),
    /** Holds the process as soon as it is so, and does something meanwhile. */
    async when(what, isSo, act) {
      for (const limit = performance.now() + 600_000; ; await sleep(1)) {
        if (isSo(status())) {
          child.kill('SIGSTOP');
          const still = isSo(status());
          if (still) await act();
          child.kill('SIGCONT');
          if (still) return;
        }
        if (child.exitCode !== null || performance.now() > limit) throw wrong(what);
      }
    },
    async end(state) {
      await ended;
      if (status().state !== state) throw wrong(`the run is ${state}, it is ${status().state}`);
    },
  };
}

/**
 * Lays a recorded run, or a trained one, into a new `directory` as if it were trained now: `here`, by a process that is
 * there; `silent`, by one that has made no step for ten minutes; `gone`, by one that has been killed; `elsewhere`, on
 * another machine. What has ended has ended. Only the status is changed for it: whose process, and when. What a monitor does not
 * read stays behind.
 */
export function replay({ thisProcess }, recorded, directory, where = 'here') {
  mkdirSync(directory, { recursive: true });
  cpSync(recorded, directory, {
    recursive: true,
    filter: (file) => !/[\\/](checkpoints|events\.out[^\\/]*)$/.test(file),
  });
  const file = path.join(directory, 'status.json');
  const status = JSON.parse(readFileSync(file, 'utf8'));
  const by = { here: thisProcess(), silent: thisProcess(), gone: { host: hostname() }, elsewhere: { host: 'node-17' } };
  const later = Date.now() / 1000 - (where === 'silent' ? 600 : 0) - status.updatedAt;
  const times = ['startedAt', 'updatedAt', 'lastStepAt'].map((key) => [key, status[key] && status[key] + later]);
  writeFileSync(file, JSON.stringify({ ...status, ...by[where], ...Object.fromEntries(times) }));
  return directory;
}
