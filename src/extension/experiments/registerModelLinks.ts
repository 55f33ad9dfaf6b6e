// Registers definitions, links and completion for the models that an experiment file refers to.
import * as vscode from 'vscode';

export function registerModelLinks(): vscode.Disposable {
  const selector = { scheme: 'file', pattern: '**/*.gan.{json,jsonc}' };
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
