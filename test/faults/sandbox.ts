// The folder of a trial: a work folder, a home and a temporary folder of its own, and files of somebody else next to
// them, which must be the same afterwards.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { must } from './faultKind';

export const root = path.resolve(process.env.EARTHMOVER_ROOT ?? process.cwd());
const cliFile = path.join(root, 'dist', 'cli.cjs');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The largest resident memory seen, in bytes; 0 where /proc is missing. */
  readonly memory: number;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  readonly stdout: () => string;
}

interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds after which it counts as hanging. */
  readonly limit?: number;
  /** A command and arguments to run it with, for example `prlimit`. */
  readonly wrapper?: readonly string[];
}

/** The command line must stay under this; what is left of a 2 GiB machine beside the system. */
const memoryLimit = 1.5 * 2 ** 30;

export class Sandbox {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'earthmover-faults-'));
  private readonly children = new Set<ChildProcess>();
  private readonly before: string;

  constructor() {
    for (const name of ['work', 'home', 'tmp', 'outside/folder']) mkdirSync(this.path(name), { recursive: true });
    for (const name of ['a.txt', '.profile', 'folder/step-30.png', 'folder/b.json', 'folder/00000000-x.json']) {
      writeFileSync(this.path('outside', name), `${name} of somebody else\n`);
    }
    this.before = fingerprint(this.outside());
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** A path in the folder where commands are run. */
  work(...parts: string[]): string {
    return this.path('work', ...parts);
  }

  /** A path in the folder of somebody else. */
  outside(...parts: string[]): string {
    return this.path('outside', ...parts);
  }

  /** Starts the command line in the work folder. It is killed when the trial ends. */
  start(args: readonly string[], { env = {}, limit = 120, wrapper = [] }: StartOptions = {}): Started {
    const [command, ...rest] = [...wrapper, process.execPath, cliFile, ...args];
    const own = { HOME: this.path('home'), TMPDIR: this.path('tmp'), NO_COLOR: '1', LC_ALL: 'C.UTF-8' };
    const { XDG_CACHE_HOME: _, INIT_CWD: __, ...inherited } = process.env;
    const child = spawn(command, rest, { cwd: this.work(), env: { ...inherited, ...own, ...env } });
    this.children.add(child);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
    }
    let memory = 0;
    let late = false;
    const watch = setInterval(() => (memory = Math.max(memory, residentMemory(child.pid))), 100);
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limit * 1000);
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        clearInterval(watch);
        clearTimeout(timer);
        this.children.delete(child);
        if (late)
          reject(new Error(`earthmover ${args.join(' ')} did not end within ${limit} s: ${tail(output.stderr)}`));
        else resolve({ code, signal, ...output, memory });
      });
    });
    ended.catch(() => {});
    return { child, ended, stdout: () => output.stdout };
  }

  /** Runs the command line to its end, which must be one that the documentation lists. */
  async cli(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
    const ended = await this.start(args, options).ended;
    mustEndWell(args, ended);
    return ended;
  }

  /** Throws if anything outside the work folder, the cache folder and the trial's own files was changed. */
  mustBeUntouched(): void {
    must(fingerprint(this.outside()) === this.before, 'files outside of the run directory were changed');
    const stray = [...filesIn(this.path('home')), ...filesIn(this.path('tmp'))].filter(
      (name) => !name.startsWith(path.join('.cache', 'earthmover')),
    );
    must(stray.length === 0, `files were written to the home or temporary folder: ${stray.join(', ')}`);
  }

  remove(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Throws unless a command ended with a documented exit code, a clear message and bounded memory. */
export function mustEndWell(args: readonly string[], { code, signal, stdout, stderr, memory }: Ended): void {
  const name = `earthmover ${args.join(' ')}`.slice(0, 300);
  must(code !== null, `${name} was ended by ${signal}: ${tail(stderr)}`);
  must([0, 2, 3, 130].includes(code), `${name} ended with ${code}, which is no documented exit code: ${tail(stderr)}`);
  must(code === 0 || (stdout + stderr).trim() !== '', `${name} ended with ${code} without a message`);
  must(!/bug in Earthmover|^\s+at .*:\d+:\d+\)?$/m.test(stderr), `${name} printed a stack trace: ${tail(stderr)}`);
  // eslint-disable-next-line no-control-regex
  must(!/[\x00-\x08\x0b-\x1f\x7f\x9b]/.test(stdout + stderr), `${name} printed control characters`);
  must(memory < memoryLimit, `${name} used ${Math.round(memory / 2 ** 20)} MiB of memory`);
}

export const tail = (text: string): string => text.trim().split('\n').slice(-6).join(' | ').slice(-900);

function residentMemory(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));

/** A hash of the names, kinds, modes and contents in a folder. */
export function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(folder, name);
    const stat = lstatSync(file);
    hash.update(`${name}\0${stat.mode}\0`);
    if (stat.isFile()) hash.update(readFileSync(file));
    if (stat.isSymbolicLink()) hash.update(readlinkSync(file));
  }
  return hash.digest('hex');
}
