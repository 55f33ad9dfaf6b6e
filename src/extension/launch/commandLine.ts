// The command line at work for the editor: started by the Node that trains, its events heard, its failure told in its own words.
import * as vscode from 'vscode';
import { errors, userError } from '../errors';
import { packagesFolder } from '../install/packages';
import { nodePath } from '../settings';
import { runLines } from './lines';
import { trainerEnvironment } from './trainer';

export interface CommandLineOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Hears every object that it writes. */
  readonly onEvent: (event: Record<string, unknown>) => void;
}

/** Runs `earthmover` with these arguments, --json among them. Throws what it says where it fails. */
export async function commandLine(
  context: vscode.ExtensionContext,
  args: readonly string[],
  { cwd, signal, onEvent }: CommandLineOptions,
): Promise<void> {
  const node = nodePath() || process.execPath;
  const onLine = (line: string) => {
    if (line.startsWith('{')) onEvent(JSON.parse(line) as Record<string, unknown>);
  };
  const options = { cwd, env: trainerEnvironment(process.env, packagesFolder(context)), signal, onLine };
  const script = context.asAbsolutePath('dist/cli.cjs');
  const { code, said } = await runLines(node, [script, ...args], options).catch((error: Error) => {
    throw signal.aborted ? error : errors.nodeMissing(node, error.message);
  });
  if (code !== 0) throw userError(said.trim().replace(/^error\s+/, '') || vscode.l10n.t('exit code {0}', String(code)));
}
