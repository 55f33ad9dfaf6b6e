// Registers the language-model tools, where the editor has a place for them.
import * as vscode from 'vscode';
import { answerText, shortened } from './answerText';
import { type ToolName, toolNames } from './toolNames';
import type { ToolServices } from './tools';

export function registerTools(services: ToolServices): vscode.Disposable {
  // Editors that are built from the same source may leave language models out.
  const { lm } = vscode as { readonly lm?: Partial<Pick<typeof vscode.lm, 'registerTool'>> };
  if (lm?.registerTool === undefined) return new vscode.Disposable(() => {});
  return vscode.Disposable.from(...toolNames.map((name) => vscode.lm.registerTool(name, editorTool(name, services))));
}

function editorTool(name: ToolName, services: ToolServices): vscode.LanguageModelTool<unknown> {
  const load = async () => (await import('../late')).createTools(services)[name];
  return {
    async prepareInvocation({ input }) {
      const { doing, question } = await load();
      const asked = question?.(input);
      return {
        invocationMessage: plain(doing(input)),
        confirmationMessages: asked && { title: asked.title, message: plain(asked.message) },
      };
    },
    async invoke({ input }, token) {
      const answer = await (await load()).invoke(input, token);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(answerText(answer))]);
    },
  };
}

/** The editor takes these texts for Markdown, in which an argument could write links and pictures. */
const plain = (text: string): vscode.MarkdownString => new vscode.MarkdownString().appendText(shortened(text));
