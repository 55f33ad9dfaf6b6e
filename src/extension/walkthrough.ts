// The steps of the walkthrough that are done: VS Code ticks a step when its context key becomes true.
import * as vscode from 'vscode';
import { doneContexts } from './ids';

type Step = keyof typeof doneContexts;

/** Where the steps that are done are remembered. */
const stateKey = 'walkthrough.done';

let memory: vscode.Memento | undefined;

/**
 * Ticks what was done before the walkthrough is shown: VS Code does not see keys that were set before, and never ticks
 * a step whose key is true when it reads the walkthrough.
 */
export function registerWalkthrough({ globalState }: vscode.ExtensionContext): vscode.Disposable {
  memory = globalState;
  const tickAll = () => {
    // VS Code has no type for the tab of a walkthrough.
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    if (activeTab !== undefined && activeTab.input === undefined) doneBefore().forEach(tick);
  };
  let listener: vscode.Disposable | undefined;
  // VS Code makes its list of tabs when it is asked for: not while it waits for the extension.
  const start = setImmediate(() => {
    tickAll();
    listener = vscode.window.tabGroups.onDidChangeTabs(tickAll);
  });
  return {
    dispose() {
      clearImmediate(start);
      listener?.dispose();
    },
  };
}

/** Ticks a step: what it describes has happened. */
export function markDone(step: Step): void {
  const before = doneBefore();
  if (!before.includes(step)) void memory?.update(stateKey, [...before, step]);
  tick(step);
}

const doneBefore = (): readonly Step[] => memory?.get<readonly Step[]>(stateKey) ?? [];

/** The key is true for a moment only, so that it is false whenever VS Code reads the walkthrough. */
function tick(step: Step): void {
  void vscode.commands.executeCommand('setContext', doneContexts[step], true);
  void vscode.commands.executeCommand('setContext', doneContexts[step], false);
}
