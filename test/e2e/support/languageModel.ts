// A mock agent: an extension that calls the language-model tools on request and records the results.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from './eventually';
import type { OwnExtension } from './installed';
import type { Opened } from './inVsCode';

/** A tool as VS Code declares it to an agent. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly properties: Readonly<Record<string, object>> };
}

/** The text of a result, or the error of the call. */
export type Answer = { readonly text: string } | { readonly error: string };

const title = 'Call What Is Asked';

/** An extension to install. */
export const agent: OwnExtension = {
  name: 'agent',
  contributes: { commands: [{ command: 'agent.call', category: 'Agent', title }] },
  main: `
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => context.subscriptions.push(vscode.commands.registerCommand('agent.call', async () => {
  const folder = path.join(vscode.workspace.workspaceFolders[0].uri.fsPath, '.agent');
  const { id, name, input } = JSON.parse(fs.readFileSync(path.join(folder, 'question.json'), 'utf8'));
  const file = path.join(folder, 'answer-' + id + '.json');
  const write = (answer) => {
    fs.writeFileSync(file + '.part', JSON.stringify(answer));
    fs.renameSync(file + '.part', file);
  };
  if (name === undefined) {
    return write(vscode.lm.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })));
  }
  try {
    const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
    write({ text: content.map(({ value }) => value).join('') });
  } catch (error) {
    write({ error: String(error.message || error.name) });
  }
}));
`,
};

export interface Agent {
  readonly tools: () => Promise<readonly OfferedTool[]>;
  /** Calls a tool. The returned function waits for the answer, since the user may have to confirm first. */
  readonly call: (name: string, input: object) => Promise<() => Promise<Answer>>;
  /** The answer of a tool that needs no confirmation and does not fail. */
  readonly text: (name: string, input: object) => Promise<string>;
}

export function agentIn({ window, space }: Opened): Agent {
  const folder = path.join(space.folder, '.agent');
  mkdirSync(folder, { recursive: true });
  let id = 0;
  const ask = async <T>(question: { name?: string; input?: object }) => {
    id++;
    writeFileSync(path.join(folder, 'question.json'), JSON.stringify({ id, ...question }));
    await window.command(`Agent: ${title}`);
    const file = path.join(folder, `answer-${id}.json`);
    return async () => {
      await eventually('there is an answer', () => existsSync(file));
      return JSON.parse(readFileSync(file, 'utf8')) as T;
    };
  };
  const call = (name: string, input: object) => ask<Answer>({ name, input });
  return {
    tools: async () => (await ask<readonly OfferedTool[]>({}))(),
    call,
    async text(name, input) {
      const answer = await (await call(name, input))();
      if ('error' in answer) throw new Error(`${name} failed: ${answer.error}`);
      return answer.text;
    },
  };
}
