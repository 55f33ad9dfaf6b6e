// Parses and lints an experiment file, for diagnostics and before training.
import path from 'node:path';
import { lintExperiment, parseExperiment, type Experiment, setOverride } from '../../experiment';
import { lintModuleFiles } from '../../experiment/moduleFiles';
import type { Problem } from '../../experiment/problem';
import { checkSweep } from '../../sweep/checkSweep';
import { isSweepFile } from '../../sweep/isSweepFile';
import { parseSweep } from '../../sweep/parseSweep';
import * as vscode from 'vscode';
import { dataSources } from '../../catalog';
import { requireSameOnDisk, saveCode, saveDocuments } from '../launch/saveDocuments';
import { device, threads } from '../settings';
import { threadsLeavingOneCore } from '../launch/trainerProcess';

export function findProblems(text: string, file: string): readonly Problem[] {
  if (isSweepFile(file)) return findSweepProblems(text, file);
  const parsed = parseExperiment(text, file);
  // A document that was never saved has no folder.
  const ofModules = path.isAbsolute(file) ? lintModuleFiles(parsed, path.dirname(file)) : [];
  return [...parsed.problems, ...lintExperiment(parsed), ...ofModules];
}

/** Trials of a sweep that are checked at every edit: the first ones have each case and each value of a small grid. */
const checkedTrials = 100;

/** The problems of a sweep; of those in its experiments, the errors, at the place where the experiment is named. */
function findSweepProblems(text: string, file: string): readonly Problem[] {
  const { problems } = checkSweep(text, file, { most: checkedTrials });
  const own = problems.filter((problem) => problem.file === file);
  const { place } = parseSweep(text, file);
  const others = problems.filter((problem) => problem.file !== file && problem.severity === 'error');
  const named = others.map(({ severity, code, message, line, file: at }) =>
    place({
      severity,
      code,
      message: `${path.basename(at)}:${line}: ${message}`,
      path: ['experiment'],
      target: 'value',
    }),
  );
  return [...own, ...named];
}

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
