// Registers definitions, links and completion for the models that an experiment file refers to.
import * as vscode from 'vscode';
import { experimentFiles } from './documentProblems';

export function registerModelLinks(): vscode.Disposable {
  const selector = { ...experimentFiles, scheme: 'file' };
  const links = () => import('../lazy');
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(selector, {
      provideDefinition: async (document, position) => (await links()).provideDefinition(document, position),
    }),
    vscode.languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: async (document) => (await links()).provideDocumentLinks(document),
    }),
    vscode.languages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems: async (document, position) =>
          (await links()).provideCompletionItems(document, position),
      },
      ...['"', '/', '.'],
    ),
  );
}
