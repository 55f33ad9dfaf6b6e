// Registers the language-model tools, in editors that support them.
import * as vscode from 'vscode';
import { type ToolName, toolNames } from '../ids';
import type { ToolServices } from './tools';
import { cleanLines } from '../../shared/text';

export function registerTools(services: ToolServices): vscode.Disposable {
  // Editors derived from VS Code may lack language models.
  const { lm } = vscode as { readonly lm?: Partial<Pick<typeof vscode.lm, 'registerTool'>> };
  if (lm?.registerTool === undefined) return new vscode.Disposable(() => {});
  return vscode.Disposable.from(...toolNames.map((name) => vscode.lm.registerTool(name, editorTool(name, services))));
}

function editorTool(name: ToolName, services: ToolServices): vscode.LanguageModelTool<unknown> {
  const load = async () => (await import('../lazy')).createTools(services)[name];
  return {
    async prepareInvocation({ input }) {
      const { progressMessage, confirmation } = await load();
      const asked = confirmation?.(input);
      return {
        invocationMessage: plain(progressMessage(input)),
        confirmationMessages: asked && { title: asked.title, message: plain(asked.message) },
      };
    },
    async invoke({ input }, token) {
      const answer = await (await load()).invoke(input, token);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(answerText(answer))]);
    },
  };
}

/** The texts are shown as Markdown, so arguments must be escaped: they could contain links and images. */
const plain = (text: string): vscode.MarkdownString => new vscode.MarkdownString().appendText(truncated(text));

/** Maximum characters of a text: every character costs tokens, and an error may quote a whole file. */
const maxLength = 1000;

const answerText = (answer: unknown): string =>
  JSON.stringify(answer, (_, value: unknown) => {
    if (typeof value === 'string') return truncated(value);
    return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  });

/** Escapes control characters except line ends, and truncates long texts. */
function truncated(text: string): string {
  const whole = cleanLines(text.replaceAll('\r\n', '\n'));
  return whole.length <= maxLength
    ? whole
    : `${whole.slice(0, maxLength)} [and ${whole.length - maxLength} characters more]`;
}
