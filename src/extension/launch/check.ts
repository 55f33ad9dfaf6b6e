// What stands between an experiment file and its training: it is saved, read, changed as asked for, and checked.
import * as vscode from 'vscode';
import { dataSources } from '../../catalog';
import type { Experiment } from '../../experiment';
import type { Problem } from '../../experiment/problem';
import { threadsBesideEditor } from './trainer';

/** Gets the experiment as the file has it, and returns what is to be changed, as `--set` takes it: 'critic.width=64'. */
export type Change = (experiment: Experiment) => readonly string[];

/** The experiment that will be trained and the settings that differ from its file; or its errors, of which there is one at least. */
export type CheckedExperiment =
  | { readonly experiment: Experiment; readonly assignments: readonly string[] }
  | { readonly errors: readonly Problem[] };

export async function checkExperiment(file: vscode.Uri, change: Change): Promise<CheckedExperiment> {
  await saveBeforeStart(file);
  // The schema takes its time to be built, and most windows never train anything.
  const { lintExperiment, parseExperiment, setOverride } = await import('../../experiment');
  const text = (await vscode.workspace.openTextDocument(file)).getText();
  const plain = parseExperiment(text, file.fsPath);
  if (plain.experiment === undefined) return { errors: plain.problems };
  const assignments = [...editorsOwn(plain.experiment), ...change(plain.experiment)];
  const parsed = parseExperiment(text, file.fsPath, assignments.map(setOverride));
  const problems = [...parsed.problems, ...lintExperiment(parsed)];
  const errors = problems.filter(({ severity }) => severity === 'error');
  return errors.length > 0 || parsed.experiment === undefined
    ? { errors }
    : { experiment: parsed.experiment, assignments };
}

/**
 * What the editor changes by itself: a file that leaves the threads open leaves one core to the editor. Steps on points
 * are left to the engine, whose "auto" takes a single thread for steps so small.
 */
function editorsOwn({ threads, data }: Experiment): string[] {
  const open = threads === 'auto' && dataSources[data.source].gives === 'images';
  return open ? [`threads=${threadsBesideEditor()}`] : [];
}

/** What is trained is what is seen: the experiment and open model files are saved first. */
async function saveBeforeStart(file: vscode.Uri): Promise<void> {
  const isCode = ({ languageId }: vscode.TextDocument) => /^(type|java)script$/.test(languageId);
  const dirty = vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && !document.isUntitled && (document.uri.fsPath === file.fsPath || isCode(document)),
  );
  await Promise.all(dirty.map((document) => document.save()));
}
