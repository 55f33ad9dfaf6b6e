// Diagnostics: problems that parser and linter find in open experiment and sweep files, and problems that a trainer
// reported for any file.
import path from 'node:path';
import * as vscode from 'vscode';
import { problemsIn } from './documentProblems';
import { isChecked } from './experimentDocuments';
import type { Diagnostics, PlacedProblem } from './diagnosticsInterface';

/** Delay after the last edit before a file is checked, in milliseconds. */
const restMs = 200;

export function createDiagnostics(): Diagnostics {
  const checked = vscode.languages.createDiagnosticCollection('earthmover');
  const reported = vscode.languages.createDiagnosticCollection('earthmover-trainer');
  const timers = new Map<string, NodeJS.Timeout>();
  const check = async (document: vscode.TextDocument) => {
    if (!isChecked(document)) return;
    const { version } = document;
    const problems = await problemsOf(document);
    if (!document.isClosed && document.version === version) checked.set(document.uri, problems);
  };
  const soon = (document: vscode.TextDocument) => {
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => void check(document), restMs),
    );
  };
  const events = [
    vscode.workspace.onDidOpenTextDocument(check),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0) return;
      reported.delete(document.uri);
      if (isChecked(document)) soon(document);
    }),
    // The saved file may be a model file that an experiment names, or an experiment that a sweep names.
    vscode.workspace.onDidSaveTextDocument(() => vscode.workspace.textDocuments.filter(isChecked).forEach(soon)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(timers.get(uri.toString()));
      timers.delete(uri.toString());
      checked.delete(uri);
    }),
  ];
  // Delayed, because activation has precedence.
  vscode.workspace.textDocuments.filter(isChecked).forEach(soon);
  return {
    show(problems) {
      const files = new Set(problems.map(({ file }) => path.resolve(file)));
      for (const file of files) {
        const own = problems.filter((problem) => path.resolve(problem.file) === file);
        reported.set(vscode.Uri.file(file), own.map(asDiagnostic));
      }
    },
    forget: (files) => files.forEach((file) => reported.delete(vscode.Uri.file(file))),
    dispose() {
      timers.forEach((timer) => clearTimeout(timer));
      vscode.Disposable.from(checked, reported, ...events).dispose();
    },
  };
}

async function problemsOf(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  // VS Code's JSON support reports syntax errors already, and nothing else, since it has no schema that validates.
  const found = (await problemsIn(document)).filter(({ code }) => code !== 'json-syntax');
  return found.map(({ offset, length, ...problem }) => {
    const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
    return diagnostic(range, problem);
  });
}

function asDiagnostic(problem: PlacedProblem): vscode.Diagnostic {
  const at = new vscode.Position(Math.max(0, problem.line - 1), Math.max(0, problem.column - 1));
  const document = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === 'file' && uri.fsPath === path.resolve(problem.file),
  );
  const range = document?.getWordRangeAtPosition(at) ?? new vscode.Range(at, at.translate(0, 1));
  return diagnostic(range, problem);
}

function diagnostic(
  range: vscode.Range,
  { message, severity, code }: Pick<PlacedProblem, 'message' | 'severity' | 'code'>,
): vscode.Diagnostic {
  const result = new vscode.Diagnostic(range, message, severities[severity]);
  result.source = 'Earthmover';
  result.code = code;
  return result;
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
} as const;
