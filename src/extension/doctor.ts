// "Run Doctor": shows the output of `earthmover doctor` in a document that can be copied into a bug report.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { errors } from './userErrors';
import { doctorScheme } from './ids';
import { packagesFolder, trainerEnvironment } from './launch/trainerProcess';
import type { Log } from './log';
import { withCancellableProgress } from './notifications';
import { nodePath } from './settings';

export interface Doctor extends vscode.Disposable {
  /** Runs the checks and opens the report. */
  run(): Promise<void>;
}

export function createDoctor(context: vscode.ExtensionContext, log: Log): Doctor {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const uri = vscode.Uri.from({ scheme: doctorScheme, path: vscode.l10n.t('Earthmover Doctor.txt') });
  let report = '';
  const provider = vscode.workspace.registerTextDocumentContentProvider(doctorScheme, {
    onDidChange: changed.event,
    // After a reload VS Code restores the document, but the report is lost.
    provideTextDocumentContent: () => report || vscode.l10n.t('Run "Earthmover: Run Doctor" to check this machine.'),
  });
  return {
    async run() {
      report = await runDoctor(context, log);
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    },
    dispose: () => vscode.Disposable.from(changed, provider).dispose(),
  };
}

async function runDoctor(context: vscode.ExtensionContext, log: Log): Promise<string> {
  const node = nodePath() || process.execPath;
  const args = [context.asAbsolutePath('dist/cli.cjs'), 'doctor'];
  const title = vscode.l10n.t('Earthmover: Checking this machine');
  const output = await withCancellableProgress(title, async (signal) => {
    const options = { env: trainerEnvironment(process.env, packagesFolder(context)), timeout: 60_000, signal };
    try {
      return await promisify(execFile)(node, args, options);
    } catch (error) {
      const failure = error as Error & { code?: unknown; stdout?: string; stderr?: string };
      if (signal.aborted) throw error;
      if (typeof failure.code === 'string') throw errors.nodeMissing(node, failure.message);
      return { stdout: failure.stdout ?? '', stderr: failure.stderr ?? failure.message };
    }
  });
  const { name, version } = context.extension.packageJSON as { name: string; version: string };
  const head = `${name} ${version}, VS Code ${vscode.version}, ${vscode.env.remoteName ?? 'local'}\n${node}\n\n`;
  log.info(`doctor, with ${node}`);
  return `${head}${output.stdout}${output.stderr}`;
}
