// The questions of a command with several steps, in the form of VS Code's own: a title, "2/3", and a button to go back.
import * as vscode from 'vscode';

/** The answer of a user who goes back to the question before. */
export const back = Symbol('back');

export interface PromptStep {
  readonly title: string;
  /** Its number, from 1, of this many. */
  readonly step?: number;
  readonly totalSteps?: number;
  /** Whether there is a question to go back to. */
  readonly canGoBack?: boolean;
}

interface ListPrompt<T> extends PromptStep {
  readonly placeHolder?: string;
  /** The item that Enter selects; by default the first. */
  readonly active?: T;
}

/** Asks for one of the items. Undefined if the user cancels. */
export function askItem<T extends vscode.QuickPickItem>(
  items: readonly T[],
  { placeHolder, active, ...step }: ListPrompt<T>,
): Promise<T | typeof back | undefined> {
  const list = vscode.window.createQuickPick<T>();
  list.placeholder = placeHolder;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.items = items;
  if (active) list.activeItems = [active];
  return answerTo(list, step, () => list.selectedItems.at(0) ?? list.activeItems.at(0));
}

interface TextPrompt extends PromptStep {
  readonly prompt: string;
  readonly value: string;
  /** What is wrong with a text; one with a warning is accepted. */
  readonly problemOf: (text: string) => string | vscode.InputBoxValidationMessage | undefined;
}

/** Asks for a text, which is returned without the space around it. Undefined if the user cancels. */
export function askText({ prompt, value, problemOf, ...step }: TextPrompt): Promise<string | typeof back | undefined> {
  const box = vscode.window.createInputBox();
  box.prompt = prompt;
  box.value = value;
  box.valueSelection = [0, value.length];
  const validate = () => {
    const problem = problemOf(box.value.trim());
    box.validationMessage = problem;
    const isWarning = typeof problem === 'object' && problem.severity !== vscode.InputBoxValidationSeverity.Error;
    return problem === undefined || isWarning;
  };
  box.onDidChangeValue(validate);
  return answerTo(box, step, () => (validate() ? box.value.trim() : undefined));
}

/** Shows an input until it is accepted with an answer, hidden, or left by its button. */
function answerTo<A>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  { title, step, totalSteps, canGoBack = false }: PromptStep,
  answer: () => A | undefined,
): Promise<A | typeof back | undefined> {
  input.title = title;
  input.step = step;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = canGoBack ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const finish = (result: A | typeof back | undefined) => {
      resolve(result);
      input.dispose();
    };
    input.onDidAccept(() => {
      const accepted = answer();
      if (accepted !== undefined) finish(accepted);
    });
    input.onDidTriggerButton(() => finish(back));
    input.onDidHide(() => finish(undefined));
    input.show();
  });
}
