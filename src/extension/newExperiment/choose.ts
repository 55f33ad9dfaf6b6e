// A sequence of choices in one list, which stays open between them: a second list could open without the keyboard.
import * as vscode from 'vscode';
import type { Choice } from './choices';

interface Step {
  readonly title: string;
  readonly choices: readonly Choice<string>[];
}

/**
 * Asks for one choice at each step; `stepsAfter` has the step that follows what was chosen so far, undefined after the
 * last. Returns the ids of the choices, undefined if the user cancels.
 */
export function choose(
  stepAfter: (chosen: readonly string[]) => Step | undefined,
  totalSteps: number,
): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const list = vscode.window.createQuickPick<Item>();
    const chosen: string[] = [];
    const show = (step: Step, selected?: string) => {
      list.title = step.title;
      list.step = chosen.length + 1;
      list.value = '';
      list.buttons = chosen.length > 0 ? [vscode.QuickInputButtons.Back] : [];
      list.items = step.choices.flatMap(itemsOf);
      const active = list.items.find(({ id }) => (selected === undefined ? id !== undefined : id === selected));
      list.activeItems = active ? [active] : [];
    };
    const finish = (result: string[] | undefined) => {
      resolve(result);
      list.dispose();
    };
    list.matchOnDescription = true;
    list.ignoreFocusOut = true;
    list.totalSteps = totalSteps;
    list.onDidAccept(() => {
      const [{ id } = { id: undefined }] = list.activeItems;
      if (id === undefined) return;
      chosen.push(id);
      const next = stepAfter(chosen);
      if (next === undefined) finish(chosen);
      else show(next);
    });
    list.onDidTriggerButton(() => {
      const last = chosen.pop();
      const step = stepAfter(chosen);
      if (step) show(step, last);
    });
    list.onDidHide(() => finish(undefined));
    const first = stepAfter([]);
    if (first) show(first);
    list.show();
  });
}

interface Item extends vscode.QuickPickItem {
  /** Undefined for a heading. */
  readonly id?: string;
}

const itemsOf = ({ id, title, text, heading }: Choice<string>): Item[] => [
  ...(heading === undefined ? [] : [{ label: heading, kind: vscode.QuickPickItemKind.Separator }]),
  { label: title, description: text, id },
];
