// Parses and lints an experiment file before training.
import path from 'node:path';
import { lintExperiment, parseExperiment, type Experiment, setOverride } from '../../experiment';
import type { Problem } from '../../experiment/problem';
import * as vscode from 'vscode';
import { dataSources } from '../../catalog';
import { requireSameOnDisk, saveCode, saveDocuments } from '../launch/saveDocuments';
import { device, threads } from '../settings';
import { threadsLeavingOneCore } from '../launch/trainerProcess';

/** Receives the experiment of the file and returns overrides in the form of `--set`, such as 'critic.width=64'. */
export type Change = (experiment: Experiment) => readonly string[];

/** The experiment to train and its overrides of the file; or its errors, at least one. */
type CheckedExperiment =
  | { readonly experiment: Experiment; readonly assignments: readonly string[] }
  | { readonly errors: readonly Problem[] };

export async function checkExperiment(file: vscode.Uri, change: Change): Promise<CheckedExperiment> {
  const document = await vscode.workspace.openTextDocument(file);
  await saveDocuments([document]);
  const text = document.getText();
  const plain = parseExperiment(text, file.fsPath);
  if (plain.experiment === undefined) return { errors: plain.problems };
  const assignments = [...fromEditorSettings(plain.experiment), ...change(plain.experiment)];
  const parsed = parseExperiment(text, file.fsPath, assignments.map(setOverride));
  const problems = [...parsed.problems, ...lintExperiment(parsed)];
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || parsed.experiment === undefined) return { errors };
  const modules = moduleFiles(parsed.experiment, file.fsPath);
  if (modules.length > 0) await saveCode();
  await requireSameOnDisk([file.fsPath, ...modules]);
  return { experiment: parsed.experiment, assignments };
}

/** The model files of an experiment. */
export const moduleFiles = ({ generator, critic }: Experiment, file: string): string[] =>
  [generator, critic].flatMap((network) =>
    'module' in network ? [path.resolve(path.dirname(file), network.module)] : [],
  );

/**
 * Overrides from the editor's settings for what the file leaves at "auto". Without a number of threads in either,
 * images use all cores but one, and points the engine's "auto", which takes a single thread for steps that small.
 */
function fromEditorSettings({ threads: own, device: where, data }: Experiment): string[] {
  const images = dataSources[data.source].gives === 'images';
  const count = threads() > 0 ? threads() : images ? threadsLeavingOneCore() : undefined;
  return [
    ...(own === 'auto' && count !== undefined ? [`threads=${count}`] : []),
    ...(where === 'auto' && device() !== 'auto' ? [`device=${device()}`] : []),
  ];
}
