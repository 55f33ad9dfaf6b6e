// The user's place in a stack trace.
import path from 'node:path';
import type { FileLocation } from './inputErrors';

/** Folders of Earthmover's own code: the bundles, and the sources that their source maps name. */
const ownFolders = [__dirname, path.join(__dirname, '..', 'src')].map((folder) => folder + path.sep);

/** The first frame of a stack that is in the user's code, not in a package, Node.js or Earthmover. */
export function userFrame(stack: string): FileLocation | undefined {
  for (const line of stack.split('\n')) {
    const match = /(?:\(|at )((?:[A-Za-z]:)?[^():]+):(\d+):(\d+)\)?$/.exec(line.trim());
    const file = match?.[1].replace(/^file:\/\//, '');
    const isUserFile =
      file && path.isAbsolute(file) && !file.includes('node_modules') && !ownFolders.some((at) => file.startsWith(at));
    if (match && isUserFile) return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}
