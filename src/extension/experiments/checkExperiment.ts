// Parses and lints an experiment file, for diagnostics and before training.
import { lintExperiment, parseExperiment, type Experiment, setOverride } from '../../experiment';
import type { Problem } from '../../experiment/problem';
import * as vscode from 'vscode';
import { dataSources } from '../../catalog';
import { device, threads } from '../settings';
import { threadsLeavingOneCore } from '../launch/trainerProcess';

export function findProblems(text: string, file: string): readonly Problem[] {
  const parsed = parseExperiment(text, file);
  return [...parsed.problems, ...lintExperiment(parsed)];
}

/** Gets the experiment as the file has it, and returns what is to be changed, as `--set` takes it: 'critic.width=64'. */
export type Change = (experiment: Experiment) => readonly string[];

/** The experiment that will be trained and the settings that differ from its file; or its errors, of which there is one at least. */
export type CheckedExperiment =
  | { readonly experiment: Experiment; readonly assignments: readonly string[] }
  | { readonly errors: readonly Problem[] };

export async function checkExperiment(file: vscode.Uri, change: Change): Promise<CheckedExperiment> {
  await saveBeforeStart(file);
  const text = (await vscode.workspace.openTextDocument(file)).getText();
  const plain = parseExperiment(text, file.fsPath);
  if (plain.experiment === undefined) return { errors: plain.problems };
  const assignments = [...fromEditorSettings(plain.experiment), ...change(plain.experiment)];
  const parsed = parseExperiment(text, file.fsPath, assignments.map(setOverride));
  const problems = [...parsed.problems, ...lintExperiment(parsed)];
  const errors = problems.filter(({ severity }) => severity === 'error');
  return errors.length > 0 || parsed.experiment === undefined
    ? { errors }
    : { experiment: parsed.experiment, assignments };
}

/**
 * What the editor's settings decide where the file leaves it open. Threads that are left open there too leave one core to
 * the editor, except for steps on points, which are left to the engine: its "auto" takes a single thread for steps so small.
 */
function fromEditorSettings({ threads: own, device: where, data }: Experiment): string[] {
  const images = dataSources[data.source].gives === 'images';
  const count = threads() > 0 ? threads() : images ? threadsLeavingOneCore() : undefined;
  return [
    ...(own === 'auto' && count !== undefined ? [`threads=${count}`] : []),
    ...(where === 'auto' && device() !== 'auto' ? [`device=${device()}`] : []),
  ];
}

/** What is trained is what is seen: the experiment and open model files are saved first. */
async function saveBeforeStart(file: vscode.Uri): Promise<void> {
  const isCode = ({ languageId }: vscode.TextDocument) => /^(type|java)script(react)?$/.test(languageId);
  const dirty = vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && !document.isUntitled && (document.uri.fsPath === file.fsPath || isCode(document)),
  );
  await Promise.all(dirty.map((document) => document.save()));
}
