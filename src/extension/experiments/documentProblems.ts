// The problems of an open experiment or sweep file, shared by diagnostics and quick fixes.
import type * as vscode from 'vscode';
import type { Problem } from '../../experiment/problem';

type FindProblems = (text: string, file: string) => readonly Problem[];

/** Loads parser and linter, which many windows never need. */
export const loadChecks = async (): Promise<FindProblems> => (await import('../lazy')).findProblems;

interface Found {
  readonly version: number;
  readonly at: number;
  readonly problems: Promise<readonly Problem[]>;
}

/** Milliseconds until problems are computed again, since the model files that a document names may come and go. */
const fresh = 1000;

const found = new WeakMap<vscode.TextDocument, Found>();

/** The problems of a document as it is now. */
export function problemsIn(document: vscode.TextDocument): Promise<readonly Problem[]> {
  const known = found.get(document);
  if (known?.version === document.version && Date.now() - known.at < fresh) return known.problems;
  const [text, file] = [document.getText(), document.fileName];
  const problems = loadChecks().then((find) => find(text, file));
  found.set(document, { version: document.version, at: Date.now(), problems });
  return problems;
}
