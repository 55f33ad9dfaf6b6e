// A disk that does not answer, such as a lost network drive, must not leave the user without an answer.
import * as vscode from 'vscode';
import { userError } from '../userErrors';

/** Long enough for a network drive that wakes up. */
const limitMs = 20_000;

/** The result of work in a folder; a UserError if the disk does not answer in time. */
export async function inTime<T>(work: Promise<T>, folder: string, ms = limitMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(notAnswering(folder, ms)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const notAnswering = (folder: string, ms: number) =>
  userError(
    vscode.l10n.t(
      'The folder {0} has not answered for {1} seconds. Check its disk or network drive, or set "earthmover.runsFolder" to another folder.',
      folder,
      Math.round(ms / 1000),
    ),
  );
