// Registers the quick fixes, whose code is loaded on first use.
import * as vscode from 'vscode';
import { fixedText, problemsIn } from './documentProblems';
import { checkedFiles } from './experimentDocuments';
import { fixAllKind } from './quickFixes';

export function registerQuickFixes(): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, range, context) {
      const { quickFixesAt } = await import('../lazy');
      return quickFixesAt(document, range, context, { problemsIn, fixedText });
    },
  };
  const metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind] };
  return vscode.languages.registerCodeActionsProvider(checkedFiles, provider, metadata);
}
