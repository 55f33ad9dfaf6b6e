// A folder to open, with the runs that came to be in it: read by their files, and ended with the test.
import {
  cpSync,
  existsSync,
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
}

export interface Run {
  readonly directory: string;
  readonly status: () => RunStatus;
  readonly log: () => string;
}

export interface Workspace {
  readonly folder: string;
  readonly runs: () => Run[];
  /** Ends every process that works in the folder, and removes it. */
  readonly remove: () => void;
}

/** A temporary folder with these files: text, or something that is written as JSON. */
export function workspace(files: Readonly<Record<string, string | object>>): Workspace {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'earthmover-workspace-')));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return {
    folder,
    runs: () => runsIn(path.join(folder, '.earthmover', 'runs')),
    remove: () => {
      for (const { pid } of processesOf(folder)) kill(pid);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** Oldest first, as their names begin with the time. */
function runsIn(folder: string): Run[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(path.join(folder, name, 'status.json')));
  return names.sort().map((name) => {
    const directory = path.join(folder, name);
    const read = (file: string) => readFileSync(path.join(directory, file), 'utf8');
    return {
      directory,
      status: () => JSON.parse(read('status.json')) as RunStatus,
      log: () => (existsSync(path.join(directory, 'log.txt')) ? read('log.txt') : ''),
    };
  });
}

/** Copies a run directory or a workspace to where somebody can look at it. */
export const keep = (from: string, to: string) => cpSync(from, to, { recursive: true });
