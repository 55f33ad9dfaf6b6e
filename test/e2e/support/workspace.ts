// A temporary workspace folder and the runs in it, read from their files and ended after the test.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kill, processesOf } from './processes';

export interface RunStatus {
  readonly state: string;
  readonly step: number;
  readonly steps: number;
  readonly pid: number;
  readonly attempt: number;
}

export interface Run {
  readonly directory: string;
  readonly status: () => RunStatus;
  /** The number of rows of its curve on disk. */
  readonly rows: () => number;
  readonly log: () => string;
}

export interface Workspace {
  readonly folder: string;
  /** The path that a window opens: the folder, or the first *.code-workspace in it. */
  readonly opens: string;
  readonly runs: () => Run[];
  /** Kills every process that uses the folder, and removes it. */
  readonly remove: () => void;
}

/** A temporary folder with these files by path; objects are written as JSON. */
export function workspace(files: Readonly<Record<string, string | object>>): Workspace {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'earthmover-workspace-')));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  const several = Object.keys(files).find((name) => name.endsWith('.code-workspace'));
  return {
    folder,
    opens: several === undefined ? folder : path.join(folder, several),
    runs: () => runsOf(folder),
    remove: () => {
      for (const { pid } of processesOf(folder)) kill(pid);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** The runs of a workspace folder, oldest first: their names start with the time. */
export function runsOf(root: string): Run[] {
  const folder = path.join(root, '.earthmover', 'runs');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'status.json')));
  return names.sort().map((name) => {
    const directory = path.join(folder, name);
    const read = (file: string) => readFileSync(path.join(directory, file), 'utf8');
    return {
      directory,
      status: () => JSON.parse(read('status.json')) as RunStatus,
      rows: () => rowsOf(path.join(directory, 'metrics.bin')),
      log: () => (existsSync(path.join(directory, 'log.txt')) ? read('log.txt') : ''),
    };
  });
}

/** The number of complete rows after the header. */
function rowsOf(file: string): number {
  const bytes = readFileSync(file);
  const { dtype, offset } = JSON.parse(bytes.subarray(0, bytes.indexOf(10)).toString()) as {
    dtype: { formats: string[] };
    offset: number;
  };
  const length = dtype.formats.reduce((sum, format) => sum + Number(format.slice(2)), 0);
  return Math.floor((bytes.length - offset) / length);
}
