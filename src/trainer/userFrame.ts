// The user's place in a stack trace.
import path from 'node:path';
import type { FileLocation } from './inputErrors';

/** Folders of Earthmover's own code: the bundles, and the sources that their source maps name. */
const ownFolders = [__dirname, path.join(__dirname, '..', 'src')].map((folder) => folder + path.sep);

/** The first frame of a stack that is in the user's code, not in a package, Node.js or Earthmover. */
export function userFrame(stack: string): FileLocation | undefined {
  for (const line of stack.split('\n')) {
    // at name (file:1:2), or at file:1:2; names and files may have spaces and parentheses.
    const [, called, row, column] = /^\s*at (.+):(\d+):(\d+)\)?$/.exec(line) ?? [];
    const file = [called, called?.replace(/^.*? \(/, '')]
      .map((at) => at?.replace(/^file:\/\//, ''))
      .find((at) => at !== undefined && path.isAbsolute(at));
    const isUserFile =
      file !== undefined && !file.includes('node_modules') && !ownFolders.some((at) => file.startsWith(at));
    if (isUserFile) return { file, line: Number(row), column: Number(column) };
  }
  return undefined;
}
