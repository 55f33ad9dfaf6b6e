// "Doctor": what works on this machine, as the command line tells it, in the log.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { errors } from './errors';
import type { Log } from './log';
import { nodePath } from './settings';
import { trainerEnvironment } from './launch/trainer';

export async function runDoctor(context: vscode.ExtensionContext, log: Log): Promise<void> {
  const node = nodePath() || process.execPath;
  const args = [context.asAbsolutePath('dist/cli.cjs'), 'doctor'];
  const title = 'Earthmover: looking at what works here';
  const said = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, async () => {
    try {
      return await promisify(execFile)(node, args, { env: trainerEnvironment(process.env), timeout: 60_000 });
    } catch (error) {
      const failure = error as Error & { code?: unknown; stdout?: string; stderr?: string };
      if (typeof failure.code === 'string') throw errors.nodeMissing(node, failure.message);
      return { stdout: failure.stdout ?? '', stderr: failure.stderr ?? failure.message };
    }
  });
  log.info(`doctor, with ${node}:\n${said.stdout}${said.stderr}`);
  log.show(true);
}
