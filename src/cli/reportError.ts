// Prints the error with which a command ends: for people on stderr, for programs as the last line of JSON.
import { printable } from '../experiment/problem';
import { diskReason } from '../files/diskReason';
import { errno } from '../files/errno';
import { clean } from '../shared/text';
import { messageOf, stackOf } from '../shared/thrownValue';
import { isUserError } from '../shared/userError';
import { type Context } from './command';
import { inputError } from './errors';
import { exitCode } from './exitCodes';
import { printProblems, problemsOf } from './experimentFile';
import { toJson } from './output';

/** Errors of the disk and its permissions, which no caller has described: not the program's fault. */
const diskCodes: readonly string[] = [
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO'],
  ...['EROFS', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'EMFILE'],
];

function described(error: unknown): unknown {
  if (isUserError(error) || !diskCodes.includes(errno(error) ?? '')) return error;
  const { path } = error as NodeJS.ErrnoException;
  return inputError(`Cannot use ${path ? clean(path) : 'a file'}: ${diskReason(error)}.`);
}

/** Codes of errors that are not in the input. */
const failures: readonly string[] = ['crashed', 'no-answer'];

/** Prints a user error as its message, any other error with its stack trace. Returns the exit code. */
export function reportError({ out, err }: Context, json: boolean, thrown: unknown): number {
  const error = described(thrown);
  if (!isUserError(error)) {
    err.line(stackOf(error) || messageOf(error));
    err.line('This is a bug in Earthmover. Please report it with the lines above.');
    if (json) out.line(toJson({ event: 'error', code: 'bug', message: messageOf(error) }));
    return exitCode.failed;
  }
  const problems = problemsOf(error);
  const first = problems.find(({ severity }) => severity === 'error');
  if (problems.length > 0) printProblems(problems, err, json ? out : undefined);
  else err.line(`${err.style.red('error')}  ${error.message}`);
  if (json) {
    const { code, message } = first ?? error;
    const place =
      first && first.option === undefined ? { file: first.file, line: first.line, column: first.column } : {};
    out.line(toJson({ event: 'error', code, message: printable(message), ...place }));
  }
  return failures.includes(error.code) ? exitCode.failed : exitCode.badInput;
}
