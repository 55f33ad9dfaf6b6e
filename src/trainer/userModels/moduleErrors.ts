// Errors of users' model files, at the line of the file that they come from.
import { readOrdinary } from '../../files/ordinaryFile';
import { messageOf, stackOf } from '../../shared/thrownValue';
import { isUserError } from '../../shared/userError';
import { modelFileError, type FileLocation } from '../inputErrors';
import { userFrame } from '../userFrame';

/**
 * An exception of the user's code as an InputError, at the first stack frame in it that is not in a package, Node.js or
 * Earthmover.
 * @param start where to point if there is no such frame
 * @param hint a sentence that is added to the message
 */
export function atUserLine(error: unknown, start: FileLocation, code: string, hint = ''): Error {
  if (isUserError(error) && 'problems' in error) return error;
  const message = error instanceof Error ? messageOf(error) : `The model file threw ${messageOf(error)}.`;
  const text = hint === '' ? message : `${/[.!?]$/.test(message) ? message : `${message}.`} ${hint}`;
  return modelFileError(code, text, userFrame(stackOf(error)) ?? start);
}

export const startOf = (file: string): FileLocation => ({ file, line: 1, column: 1 });

/** Where a file defines `name`; its first line if that is not found. */
export function definitionOf(file: string, name: string): FileLocation {
  const escaped = name.replace(/[^\w$]/g, '').replaceAll('$', '\\$');
  const definition = new RegExp(
    `(?:\\b(?:function\\s*\\*?|class|const|let|var)\\s+|exports\\.|^\\s*(?:static\\s+|async\\s+)*)(${escaped})\\b`,
  );
  const fallback = name === 'default' ? /(?:\bexport\s+default|\bmodule\.exports\s*=)()/ : undefined;
  try {
    const lines = readOrdinary(file, 1 << 26, 'follow')
      .toString('utf8')
      .split('\n');
    for (const pattern of [definition, fallback]) {
      const line = pattern ? lines.findIndex((text) => pattern.test(text)) : -1;
      const match = line < 0 ? null : pattern!.exec(lines[line]);
      if (match) return { file, line: line + 1, column: match.index + match[0].length - match[1].length + 1 };
    }
  } catch {
    // The file was deleted after the run began.
  }
  return startOf(file);
}
