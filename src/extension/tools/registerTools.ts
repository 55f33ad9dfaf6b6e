// Registers the language-model tools, where the editor has a place for them.
import * as vscode from 'vscode';
import { createTools, type Tool, type ToolServices } from './tools';

export function registerTools(services: ToolServices): vscode.Disposable {
  // Editors that are built from the same source may leave language models out.
  const { lm } = vscode as { readonly lm?: Partial<Pick<typeof vscode.lm, 'registerTool'>> };
  if (lm?.registerTool === undefined) return new vscode.Disposable(() => {});
  const tools = Object.entries(createTools(services));
  return vscode.Disposable.from(...tools.map(([name, tool]) => vscode.lm.registerTool(name, asEditorTool(tool))));
}

const asEditorTool = ({ doing, question, invoke }: Tool): vscode.LanguageModelTool<unknown> => ({
  prepareInvocation: ({ input }) => ({ invocationMessage: doing(input), confirmationMessages: question?.(input) }),
  async invoke({ input }, token) {
    const answer = await invoke(input, token);
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(answer, null, 1))]);
  },
});
