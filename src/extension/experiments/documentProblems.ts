// The problems of an open experiment or sweep file, shared by diagnostics and quick fixes.
import type * as vscode from 'vscode';
import type { Problem } from '../../experiment/problem';
import type { Checked, CheckRequest } from './findProblems';

/** Checks a text in a thread, whose code many windows never need. */
const check = async (request: CheckRequest): Promise<Checked> => (await import('../lazy')).checkInThread(request);

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
  const problems = check({ text: document.getText(), file: document.fileName }).then((checked) => checked.problems);
  found.set(document, { version: document.version, at: Date.now(), problems });
  return problems;
}

/** The text of a document after all fixes, or those of errors; null if it cannot be checked. */
export const fixedText = async (document: vscode.TextDocument, fix: 'all' | 'errors'): Promise<string | null> =>
  (await check({ text: document.getText(), file: document.fileName, fix })).fixed;
