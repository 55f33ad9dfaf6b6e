// Runs the command line, or another program, and reads its output line by line.
import * as vscode from 'vscode';
import { isRecord } from '../../shared/isRecord';
import { errors, userError } from '../userErrors';
import { packagesFolder, trainerEnvironment } from './trainerProcess';
import { nodePath } from '../settings';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

interface CommandLineOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Called with every JSON object that it prints. */
  readonly onEvent: (event: Record<string, unknown>) => void;
}

/** Runs `earthmover` with these arguments, which include --json. Throws its error message if it fails. */
export async function runCommandLine(
  context: vscode.ExtensionContext,
  args: readonly string[],
  { cwd, signal, onEvent }: CommandLineOptions,
): Promise<void> {
  const node = nodePath() || process.execPath;
  const onLine = (line: string) => {
    const event = parsed(line);
    if (isRecord(event)) onEvent(event);
  };
  const options = { cwd, env: trainerEnvironment(process.env, packagesFolder(context)), signal, onLine };
  const script = context.asAbsolutePath('dist/cli.cjs');
  const { code, stderr } = await runProgram(node, [script, ...args], options).catch((error: Error) => {
    throw signal.aborted ? error : errors.nodeMissing(node, error.message);
  });
  if (code !== 0)
    throw userError(stderr.trim().replace(/^error\s+/, '') || vscode.l10n.t('exit code {0}', String(code)));
}

/** Undefined if it is not JSON, such as the beginning of a line that a process could not complete. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Run in a shell, which npm needs on Windows. All arguments must then be constants. */
  readonly shell?: boolean;
}

interface ProgramResult {
  /** Null if it was ended by a signal. */
  readonly code: number | null;
  /** The end of its stderr. */
  readonly stderr: string;
}

/** Characters of stderr that are kept, more than an error message has. */
const maxStderr = 1 << 16;

/** Rejects if the program cannot be started (ENOENT) or is aborted (AbortError). */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { onLine = () => {}, ...spawning } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawning, windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => (stderr = (stderr + text).slice(-maxStderr)));
    createInterface({ input: child.stdout }).on('line', onLine);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}
