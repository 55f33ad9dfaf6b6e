// Starts a trainer: the command line in a process of its own that outlives this window, with its output in a log file.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import { makeFolderAsync } from '../../files/folder';
import { openOrdinaryAsync } from '../../files/ordinaryFile';

interface TrainerOptions {
  /** The Node executable. The editor's own is Electron, which runs as Node. */
  readonly node: string;
  /** The command line's script, dist/cli.cjs. */
  readonly script: string;
  /** Arguments of the command line, such as ['train', file, '--out', directory]. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Folder of optional packages. */
  readonly packages: string;
  /** stdout and stderr are appended here. */
  readonly log: string;
}

/** How a trainer exited: with a code, by a signal, or because it could not be started. */
export type Exit =
  | { readonly code: number }
  | { readonly signal: string }
  | { readonly notStarted: NodeJS.ErrnoException };

export interface Trainer {
  /** Undefined if the process could not be started. */
  readonly pid: number | undefined;
  /** Settles when the process has exited. Never rejects. */
  readonly exited: Promise<Exit>;
}

/** Starts a detached trainer: closing the window or the editor does not end it. */
export async function startTrainer({ node, script, args, cwd, packages, log }: TrainerOptions): Promise<Trainer> {
  await makeFolderAsync(path.dirname(log));
  const output = await openOrdinaryAsync(log, 'append');
  try {
    const child = spawn(node, [script, ...args], {
      cwd,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', output.fd, output.fd],
      env: trainerEnvironment(process.env, packages),
    });
    const exited = new Promise<Exit>((resolve) => {
      child.once('error', (notStarted) => resolve({ notStarted }));
      child.once('exit', (code, signal) => resolve(code === null ? { signal: signal ?? 'unknown' } : { code }));
    });
    child.unref();
    return { pid: child.pid, exited };
  } finally {
    await output.close();
  }
}

/**
 * The environment of a trainer: the editor's own, without the variables that connect a process to VS Code (the
 * debugger's bootloader would wait for a window that may be closed), and with the folder of optional packages.
 */
export function trainerEnvironment(own: NodeJS.ProcessEnv, packages: string): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(
    ([name, value]) => !/^VSCODE_/.test(name) && !(name === 'NODE_OPTIONS' && value?.includes('js-debug')),
  );
  return { EARTHMOVER_PACKAGES: packages, ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}

/** As many threads as the engine's "auto", at most eight, but one core is left to the editor. */
export const threadsLeavingOneCore = (cores: number = os.availableParallelism()): number =>
  Math.max(1, Math.min(8, cores - 1));

export const packagesFolder = ({ globalStorageUri }: Pick<vscode.ExtensionContext, 'globalStorageUri'>): string =>
  path.join(globalStorageUri.fsPath, 'packages');
