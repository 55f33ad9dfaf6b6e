// Run directories that somebody else made, and output paths that hold somebody else's files: nothing outside is read,
// changed or waited for, and nothing of a text reaches the terminal raw.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type FaultKind, must } from '../faultKind';
import { finished, killed, writeExperiment } from '../references';
import { fingerprint, type Sandbox } from '../sandbox';

const isPosix = () => (process.platform === 'win32' ? 'Windows has no FIFOs, devices or free links' : null);

/** Everything that a run directory can contain, as paths in it. */
const entries = [
  'status.json',
  'experiment.json',
  'metrics.bin',
  'log.txt',
  'notices.jsonl',
  'histograms.jsonl',
  'attempts',
  'attempts/1.json',
  'control',
  'live',
  'samples',
  'samples/step-40.png',
  'checkpoints',
  'checkpoints/step-60',
  'checkpoints/step-60/state.safetensors',
  'checkpoints/step-60/generator',
  'checkpoints/step-60/generator/weights.bin',
  'checkpoints/step-60/generator/model.json',
] as const;

/** What somebody puts in place of an entry. */
const replacements = {
  'a link to a file outside': (sandbox: Sandbox, entry: string) => symlinkSync(sandbox.outside('a.txt'), entry),
  'a link to a folder outside': (sandbox: Sandbox, entry: string) => symlinkSync(sandbox.outside('folder'), entry),
  'a link to nothing': (sandbox: Sandbox, entry: string) => symlinkSync(sandbox.outside('missing'), entry),
  'a link to /dev/zero': (_: Sandbox, entry: string) => symlinkSync('/dev/zero', entry),
  'a link to itself': (_: Sandbox, entry: string) => symlinkSync(path.basename(entry), entry),
  'a FIFO': (_: Sandbox, entry: string) => execFileSync('mkfifo', [entry]),
  'a folder': (_: Sandbox, entry: string) => mkdirSync(entry),
  'a file': (_: Sandbox, entry: string) => writeFileSync(entry, '\u001b[2J not what it was\n'),
} as const;

export const hostileRuns: FaultKind = {
  id: 'hostile-run',
  title: 'links, FIFOs, devices and wrong kinds in a run directory; then runs, export, resume, stop',
  trials: { short: 6, long: entries.length * Object.keys(replacements).length },
  unavailable: isPosix,
  fuzz: true,
  run: async ({ number, sandbox }) => {
    const ways = Object.keys(replacements) as (keyof typeof replacements)[];
    // A step that shares no factor with the number of cases visits all of them, in mixed order.
    const at = (number * 41) % (entries.length * ways.length);
    const [entry, way] = [entries[at % entries.length], ways[Math.floor(at / entries.length)]];
    const run = sandbox.work('.earthmover', 'runs', 'hostile');
    cpSync((await killed('points')).run, run, { recursive: true });
    cpSync((await finished('points')).run, sandbox.work('.earthmover', 'runs', 'good'), { recursive: true });
    const target = path.join(run, entry);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(path.dirname(target), { recursive: true });
    replacements[way](sandbox, target);
    try {
      const listed = await sandbox.cli(['runs'], { limit: 60 });
      must(listed.stdout.includes('good'), 'the list of runs does not show the good one');
      for (const args of [
        ['export', run, '--out', 'model'],
        ['resume', run],
        ['stop', run],
      ]) {
        await sandbox.cli(args, { limit: 60 });
      }
      sandbox.mustBeUntouched();
    } catch (error) {
      throw new Error(`${entry} is ${way}: ${(error as Error).message}`, { cause: error });
    }
  },
};

/** Names and texts that a terminal, a shell or a log would misread. */
const hostileTexts = [
  '\u001b]0;title\u0007\u001b[2JType your password:',
  'x\ntouch pwned #',
  '\r\u001b[1A\u001b[Kok',
  '\u202egpj.exe',
  '\u009b31m',
  'a\u0000b',
  '$(touch pwned)`touch pwned`',
];

export const hostileTextKinds: FaultKind = {
  id: 'hostile-text',
  title: 'escapes, newlines and bidirectional controls in names and in every text of a run directory',
  trials: { short: 3, long: 56 },
  run: async ({ number, random, sandbox }) => {
    const text = hostileTexts[number % hostileTexts.length];
    const name = random.pick(['experiment.json', 'status.json', 'notices.jsonl', 'experiment', 'folder'] as const);
    const run = sandbox.work('.earthmover', 'runs', 'hostile');
    if (name === 'experiment') {
      const file = writeExperiment(sandbox, 'points');
      const changed = { ...(JSON.parse(readFileSync(file, 'utf8')) as object), name: text, steps: 40 };
      writeFileSync(file, JSON.stringify(changed));
      await sandbox.cli(['train', file, '--out', run]);
      await sandbox.cli(['train', file]);
    } else {
      cpSync((await killed('points')).run, run, { recursive: true });
      if (name === 'folder') {
        if (text.includes('\0')) return;
        renameSync(run, `${run}${text.replaceAll('/', '')}`);
      } else {
        const file = path.join(run, name);
        const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
        const strings = [...old.matchAll(/: "([^"\\]*)"/g)];
        const from = strings.length > 0 ? random.pick(strings)[0] : '"unknown"';
        writeFileSync(file, random.chance(0.2) ? text : old.replace(from, `: ${JSON.stringify(text)}`));
      }
    }
    for (const each of readdirSync(sandbox.work('.earthmover', 'runs'))) {
      const folder = sandbox.work('.earthmover', 'runs', each);
      for (const args of [['runs'], ['export', folder, '--out', 'model'], ['resume', folder], ['stop', folder]]) {
        await sandbox.cli(args);
      }
      const log = path.join(folder, 'log.txt');
      if (existsSync(log)) mustBeClean(readFileSync(log, 'utf8'));
    }
    must(!existsSync(sandbox.work('pwned')), 'a text was executed');
    sandbox.mustBeUntouched();
  },
};

function mustBeClean(log: string): void {
  const raw = log.startsWith('touch pwned') || log.includes('\ntouch pwned');
  must(!raw && !log.includes('\u001b') && !log.includes('\u202e'), 'log.txt has the text raw');
}

export const folderOfTheUser: FaultKind = {
  id: 'user-folder',
  title: '--out into a folder of the user: refused before a byte is written',
  trials: { short: 6, long: 40 },
  run: async ({ number, random, sandbox }) => {
    const project = sandbox.work('project');
    const files = [
      'control/src/main.c',
      'live/index.html',
      'samples/step-30.png',
      'samples/real.png',
      'checkpoints/step-999/weights.bin',
      'experiment.json',
      'metrics.bin',
      'log.txt',
      'attempts/readme.md',
      'notices.jsonl',
      '.git/HEAD',
      'README.md',
      'live/live.json',
      'control/0.json',
    ];
    for (const file of [files[number % files.length], random.pick(files), random.pick(files)]) {
      mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
      writeFileSync(path.join(project, file), 'of the user\n');
    }
    const before = fingerprint(project);
    const { code, stderr } = await sandbox.cli(['train', writeExperiment(sandbox, 'points'), '--out', project]);
    must(
      fingerprint(project) === before,
      `the folder was changed: ${readdirSync(project, { recursive: true }).join(', ')}`,
    );
    must(code === 2, `ended with ${code}: ${stderr}`);
    sandbox.mustBeUntouched();
  },
};

const oddPaths: readonly ((sandbox: Sandbox) => string)[] = [
  () => 'with space',
  () => 'emoji-🌍',
  () => 'quote\'"',
  () => 'new\nline',
  () => 'x'.repeat(255),
  () => 'x'.repeat(300),
  () => Array.from({ length: 40 }, () => 'y'.repeat(100)).join('/'),
  () => 'C:\\run',
  () => '-dash',
  () => './a/../b',
  () => '/proc/x',
  () => '/dev/null',
  () => '/dev/null/run',
  () => '',
  () => '.',
  () => '~',
  (sandbox) => {
    symlinkSync(sandbox.work('missing'), sandbox.work('dangling'));
    return 'dangling';
  },
  (sandbox) => {
    mkdirSync(sandbox.work('real'));
    symlinkSync(sandbox.work('real'), sandbox.work('linked'));
    return 'linked';
  },
  (sandbox) => {
    execFileSync('mkfifo', [sandbox.work('fifo')]);
    return 'fifo';
  },
];

export const outPaths: FaultKind = {
  id: 'out-path',
  title: 'odd --out paths: spaces, newline, 255 bytes, 4 kB, /proc, links, a FIFO',
  trials: { short: 8, long: oddPaths.length * 2 },
  unavailable: isPosix,
  run: async ({ number, sandbox }) => {
    const out = oddPaths[number % oddPaths.length](sandbox);
    const command = number < oddPaths.length ? 'train' : 'preview';
    try {
      await sandbox.cli([command, writeExperiment(sandbox, 'points'), `--out=${out}`], { limit: 60 });
      sandbox.mustBeUntouched();
    } catch (error) {
      throw new Error(`${command} --out ${JSON.stringify(out.slice(0, 60))}: ${(error as Error).message}`);
    }
  },
};
