// "Install TensorFlow": installs the optional engine into the extension's storage, the package by npm and the native
// library by the command line. Each asks first.
import path from 'node:path';
import * as vscode from 'vscode';
import { makeFolderAsync } from '../files/folder';
import { replaceFileAsync } from '../files/replace';
import { exists } from './exists';
import { userError } from './userErrors';
import { runCommandLine, runProgram } from './launch/runCommandLine';
import type { Log } from './log';
import { confirm, notify } from './notify';
import { withCancellableProgress } from './notifications';
import { packagesFolder } from './launch/trainerProcess';

const name = '@tensorflow/tfjs-node-gpu';
const wanted = `${name}@4.22.0`;

interface Part {
  readonly title: string;
  readonly url: string;
  /** In bytes. */
  readonly size: number;
}

export async function installTensorflow(context: vscode.ExtensionContext, log: Log): Promise<void> {
  const folder = packagesFolder(context);
  await makeFolderAsync(folder);
  if (!(await exists(path.join(folder, 'node_modules', name, 'package.json')))) {
    const detail = vscode.l10n.t(
      'npm installs {0} and its dependencies from the npm registry into {1} without running their install scripts. You will be asked again before the native library is downloaded.',
      wanted,
      folder,
    );
    if (!(await confirmed(vscode.l10n.t('Install tfjs-node (TensorFlow for Node.js)?'), detail))) return;
    await during((signal) => fetchPackage(folder, signal));
  }
  const command = (more: readonly string[], signal: AbortSignal, onEvent: (event: Record<string, unknown>) => void) =>
    runCommandLine(context, ['install', 'tensorflow', '--json', ...more], {
      cwd: folder,
      signal,
      onEvent: (event) => {
        log.info(JSON.stringify(event));
        onEvent(event);
      },
    });

  const parts: Part[] = [];
  await during((signal) =>
    command([], signal, (event) => event.event === 'part' && parts.push(event as unknown as Part)),
  );
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const listed = parts.map(({ title, url, size }) => `${title}, ${megabytes(size)}\n${url}`).join('\n');
  if (!(await confirmed(vscode.l10n.t('Download TensorFlow ({0})?', megabytes(total)), listed))) return;
  await during((signal, report) =>
    command(['--yes'], signal, ({ event, file, done, total: all }) => {
      if (event === 'download')
        report(vscode.l10n.t('{0}: {1} of {2}', String(file), megabytes(Number(done)), megabytes(Number(all))));
    }),
  );
  const message = vscode.l10n.t(
    'TensorFlow is installed. Set "engine" to "tensorflow" in an experiment to use it; "Earthmover: Run Doctor" shows whether it finds a GPU.',
  );
  void notify.info(message);
}

const confirmed = (question: string, detail: string): Promise<boolean> =>
  confirm(question, detail, vscode.l10n.t('Install'));

const during = <T>(work: Parameters<typeof withCancellableProgress<T>>[1]): Thenable<T> =>
  withCancellableProgress(vscode.l10n.t('Installing TensorFlow'), work);

async function fetchPackage(folder: string, signal: AbortSignal): Promise<void> {
  const own = path.join(folder, 'package.json');
  if (!(await exists(own))) await replaceFileAsync(own, `${JSON.stringify({ private: true }, null, 2)}\n`);
  // npm needs a shell on Windows; that is safe, since all arguments are constants.
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', wanted];
  const shell = process.platform === 'win32';
  const ended = await runProgram('npm', args, { cwd: folder, env: process.env, signal, shell }).catch(
    (error: Error) => {
      if (signal.aborted) throw error;
      return { code: null, stderr: error.message };
    },
  );
  if (ended.code === 0) return;
  const line = ended.stderr.trim().split('\n')[0];
  throw userError(
    vscode.l10n.t(
      'npm could not install TensorFlow ({0}). npm comes with Node.js (nodejs.org) and must be on the PATH of VS Code.',
      line,
    ),
  );
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(bytes < 10 * 2 ** 20 ? 1 : 0)} MB`;
