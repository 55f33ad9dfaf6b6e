// The runs that a command is about: those of the view's menu, else those that the user picks.
import * as vscode from 'vscode';
import { userError } from '../errors';
import { beginning, describe } from './describe';
import type { Run } from './runIndex';
import type { Runs } from './runs';

/** What the editor gives a command: a lens a directory, a menu of the view a run and all that are selected, the palette nothing. */
export type RunArgument = string | vscode.Uri | Run | undefined;

export interface RunQuestion {
  readonly among?: (run: Run) => boolean;
  readonly placeHolder: string;
  /** The error where there is no such run. */
  readonly none: string;
}

export function runChooser(runs: Runs) {
  const candidates = async ({ among = () => true, none }: RunQuestion): Promise<readonly Run[]> => {
    await runs.refresh();
    const found = runs.all.filter(among);
    if (found.length === 0) throw userError(none);
    return found;
  };
  return {
    /** One directory. The only run is taken without asking; undefined where the user changed their mind. */
    async one(argument: RunArgument, question: RunQuestion): Promise<string | undefined> {
      const named = directoryOf(argument);
      if (named !== undefined) return named;
      const found = await candidates(question);
      if (found.length === 1) return found[0].directory;
      const { placeHolder } = question;
      return (await vscode.window.showQuickPick(found.map(itemOf), { placeHolder, matchOnDescription: true }))?.run
        .directory;
    },
    /** The selected runs that the question is about; with nothing selected those that the user ticks. */
    async several(argument: RunArgument, selected: unknown, question: RunQuestion): Promise<readonly Run[]> {
      const directory = directoryOf(argument);
      const chosen =
        Array.isArray(selected) && selected.length > 0
          ? (selected as readonly Run[])
          : runs.all.filter((run) => run.directory === directory);
      if (chosen.length > 0) {
        const fitting = chosen.filter(question.among ?? (() => true));
        if (fitting.length === 0) throw userError(question.none);
        return fitting;
      }
      const found = await candidates(question);
      if (found.length === 1) return found;
      const { placeHolder } = question;
      const ticked = await vscode.window.showQuickPick(found.map(itemOf), {
        placeHolder,
        matchOnDescription: true,
        canPickMany: true,
      });
      return (ticked ?? []).map(({ run }) => run);
    },
  };
}

const directoryOf = (argument: RunArgument): string | undefined =>
  typeof argument === 'string' ? argument : argument && 'directory' in argument ? argument.directory : undefined;

const itemOf = (run: Run) => ({ label: run.name, description: describe(run), detail: beginning(run.directory), run });
