// Arguments of the command line, and junk in the control folder of a run that trains.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultKind, must } from '../faultKind';
import { finished, mustEqual, writeExperiment } from '../references';

const words = [
  ...['train', 'resume', 'stop', 'runs', 'export', 'lint', 'graph', 'preview', 'download', 'install', 'doctor', 'help'],
  ...['--out', '--json', '--steps', '--seed', '--seeds', '--set', '--device', '--format', '--step', '--batch', '--fix'],
  ...[
    '--help',
    '-h',
    '--version',
    '--',
    '-',
    '--unknown',
    '--out=',
    '--steps=3',
    '--steps=-1',
    '--steps=1e99',
    '--seeds=0',
  ],
  ...[
    'points.gan.json',
    'missing.gan.json',
    '.',
    '/dev/null',
    '',
    '\u001b[2J',
    'x'.repeat(5000),
    'NaN',
    '0',
    '2',
    'onnx',
    'gif',
  ],
  ...[
    'steps=2',
    'critic.width=99999999',
    'data.source=points',
    'constructor=1',
    '__proto__.x=1',
    'steps',
    '=',
    'metrics=[]',
  ],
];
/** `install --yes` and `download` of a data set would use the network. */
const forbidden = (args: readonly string[]) => args.includes('download') || args.includes('install');

export const commandLines: FaultKind = {
  id: 'arguments',
  title: 'command lines of random words',
  trials: { short: 8, long: 300 },
  fuzz: true,
  run: async ({ random, sandbox }) => {
    writeExperiment(sandbox, 'points');
    const args = Array.from({ length: random.below(6) }, () => random.pick(words));
    if (forbidden(args)) return;
    // A long training would only repeat what other trials try.
    if (args[0] === 'train' && !args.some((arg) => arg.startsWith('--steps'))) args.push('--steps=3');
    await sandbox.cli(args, { limit: 60 });
    sandbox.mustBeUntouched();
  },
};

export const controlJunk: FaultKind = {
  id: 'control',
  title: 'junk in control/ of a run that trains: FIFOs, links, folders, 1 MB, names with escapes',
  trials: { short: 1, long: 12 },
  unavailable: () => (process.platform === 'win32' ? 'Windows has no FIFOs' : null),
  fuzz: true,
  run: async ({ random, sandbox }) => {
    const run = sandbox.work('run');
    const training = sandbox.start(['train', writeExperiment(sandbox, 'points'), '--out', run, '--json']);
    const control = path.join(run, 'control');
    while (!training.stdout().includes('"event":"step"')) {
      must(training.child.exitCode === null, 'the training ended early');
      await sleep(10);
    }
    for (let k = 0; training.child.exitCode === null && k < 60; k++) {
      const stem = random.pick(['', '\u001b[2J', '..', '.hidden', 'a b', `0000000${k}-x`, 'x'.repeat(200)]);
      const file = path.join(control, `${k}${stem}${random.pick(['.json', '.tmp', ''])}`);
      const kinds: (() => void)[] = [
        () => execFileSync('mkfifo', [file]),
        () => symlinkSync(random.pick(['/dev/zero', sandbox.outside('a.txt'), sandbox.outside('folder')]), file),
        () => mkdirSync(path.join(file, 'sub'), { recursive: true }),
        () => writeFileSync(file, Buffer.alloc(1 << 20, 120)),
        () => writeFileSync(file, random.pick(['', '{', '[]', '{"kind":"stop"}', '{"id":"../../../x","kind":"stop"}'])),
        () => writeFileSync(file, JSON.stringify({ id: 'a'.repeat(8), kind: 'pauses', '\u001b[2J': 1 })),
      ];
      try {
        random.pick(kinds)();
      } catch {
        // The trainer has removed the folder entry, or the name is taken.
      }
      await sleep(20);
    }
    const { code, stderr } = await training.ended;
    must(code === 0, `the training ended with ${code}: ${stderr}`);
    mustEqual(run, await finished('points'));
    sandbox.mustBeUntouched();
  },
};
