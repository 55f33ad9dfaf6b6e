// Quick fixes for experiment and sweep files: fixes offered by the parser and the linter, applied one at a time or all
// at once.
import * as vscode from 'vscode';
import type { Problem, TextFix } from '../../experiment/problem';

/**
 * The kind that `editor.codeActionsOnSave` applies without asking: it fixes errors only, since a warning may concern a
 * deliberate choice.
 */
export const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('earthmover');

export interface Checks {
  readonly problemsIn: (document: vscode.TextDocument) => Promise<readonly Problem[]>;
  /** The text with all problems, or all errors, fixed; null if there is none to fix. */
  readonly fixedText: (document: vscode.TextDocument, which: 'all' | 'errors') => Promise<string | null>;
}

/** The fixes at a range of an experiment or sweep file. */
export async function quickFixesAt(
  document: vscode.TextDocument,
  range: vscode.Range,
  { diagnostics, only }: vscode.CodeActionContext,
  { problemsIn, fixedText }: Checks,
): Promise<vscode.CodeAction[]> {
  const problems = await problemsIn(document);
  const wanted = (kind: vscode.CodeActionKind) => only === undefined || only.contains(kind);
  const fixable = problems.filter(({ fixes }) => fixes !== undefined);
  const here = wanted(vscode.CodeActionKind.QuickFix)
    ? fixable.filter((problem) => range.intersection(rangeOf(document, problem)) !== undefined)
    : [];
  const single = here.flatMap((problem) => actionsFor(document, problem, diagnostics));
  return [
    ...single,
    ...(single.length > 0 && fixable.length > 1
      ? await allOf(document, vscode.CodeActionKind.QuickFix, fixedText)
      : []),
    ...(only?.intersects(fixAllKind) ? await allOf(document, fixAllKind, fixedText) : []),
  ];
}

function actionsFor(
  document: vscode.TextDocument,
  problem: Problem,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const range = rangeOf(document, problem);
  const own = diagnostics.filter(({ code, range: at }) => code === problem.code && at.isEqual(range));
  return (problem.fixes ?? []).map((fix, index) => {
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    action.edit = editOf(document, fix);
    action.diagnostics = own;
    action.isPreferred = index === 0 && fix.isChoice !== true;
    return action;
  });
}

/** An action that fixes all problems or, as a source action, only the errors. Empty if there is nothing to fix. */
async function allOf(
  document: vscode.TextDocument,
  kind: vscode.CodeActionKind,
  fixedText: Checks['fixedText'],
): Promise<vscode.CodeAction[]> {
  const all = kind === vscode.CodeActionKind.QuickFix;
  const text = document.getText();
  const after = await fixedText(document, all ? 'all' : 'errors');
  if (after === null || after === text) return [];
  const title = all ? vscode.l10n.t('Fix all problems in this file') : vscode.l10n.t('Fix all errors in this file');
  const action = new vscode.CodeAction(title, kind);
  action.edit = editOf(document, { offset: 0, length: text.length, text: after });
  return [action];
}

function editOf(document: vscode.TextDocument, { offset, length, text }: Omit<TextFix, 'title'>): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, { offset, length }), text);
  return edit;
}

const rangeOf = (document: vscode.TextDocument, { offset, length }: { offset: number; length: number }): vscode.Range =>
  new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
