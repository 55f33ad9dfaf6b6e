// Several trainers of one run at once, and run directories that are moved or emptied while they train.
import { cpSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeTree } from '../../support/removeTree';
import { type FaultKind, must } from '../faultKind';
import { finished, killed, mustEqual, writeExperiment } from '../references';
import { mustEndWell, tail } from '../sandbox';

export const races: FaultKind = {
  id: 'race',
  title: 'two or three trainers of one run at once: one trains, the others say so and end',
  trials: { short: 2, long: 40 },
  run: async ({ number, random, sandbox }) => {
    const reference = await finished('points');
    const experiment = writeExperiment(sandbox, 'points');
    const run = sandbox.work('run');
    const fresh = number % 3 === 2;
    if (!fresh) cpSync((await killed('points')).run, run, { recursive: true });
    const args = fresh ? ['train', experiment, '--out', run] : ['resume', run];
    const started = [];
    for (let k = 0; k < 2 + random.below(2); k++) {
      started.push(sandbox.start(args));
      await sleep(random.pick([0, 0, random.between(0, 600)]));
    }
    const ended = await Promise.all(started.map(({ ended }) => ended));
    for (const each of ended) mustEndWell(args, each);
    const winners = ended.filter(({ code }) => code === 0);
    const rest = ended.filter(({ code }) => code !== 0);
    must(winners.length >= 1, `nobody trained: ${tail(ended[0].stderr)}`);
    for (const { code, stderr } of rest) must(code === 2, `a loser ended with ${code}: ${tail(stderr)}`);
    mustEqual(run, reference);
  },
};

const disturbances = {
  renamed: (run: string) => renameSync(run, `${run}-moved`),
  removed: (run: string) => removeTree(run),
  'without status.json': (run: string) => rmSync(path.join(run, 'status.json'), { force: true }),
  'without control/': (run: string) => removeTree(path.join(run, 'control')),
  'without samples/': (run: string) => removeTree(path.join(run, 'samples')),
  'without checkpoints/': (run: string) => removeTree(path.join(run, 'checkpoints')),
  'without attempts/': (run: string) => removeTree(path.join(run, 'attempts')),
};

export const moves: FaultKind = {
  id: 'moved',
  title: 'a run directory renamed, removed or emptied in part while it trains',
  trials: { short: 2, long: 21 },
  run: async ({ number, sandbox }) => {
    const names = Object.keys(disturbances) as (keyof typeof disturbances)[];
    const name = names[number % names.length];
    const run = sandbox.work('run');
    const args = ['train', writeExperiment(sandbox, 'points'), '--out', run, '--json', '--steps', '2000'];
    const training = sandbox.start(args);
    while (!training.stdout().includes('"step":30,')) {
      must(training.child.exitCode === null, `ended early: ${training.stdout().slice(-500)}`);
      await sleep(20);
    }
    disturbances[name](run);
    const ended = await training.ended;
    mustEndWell(args, ended);
    must(ended.stdout.includes('"event":"end"'), `${name}: there is no end event`);
  },
};
