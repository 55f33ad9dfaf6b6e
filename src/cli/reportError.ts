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

/**
 * An error of the file system that no caller has described is not the program's fault: of a path, of a disk that is
 * full, or of a working directory that was deleted.
 */
function described(error: unknown): unknown {
  if (isUserError(error) || errno(error) === undefined) return error;
  const { path, syscall, code = '' } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_cwd') return inputError('The current folder was deleted. Change to another one.');
  if (path === undefined && !pathlessCodes.includes(code)) return error;
  return inputError(`Cannot use ${path ? clean(path) : 'a file'}: ${clean(diskReason(error))}.`);
}

/** Of calls with an open file, whose errors name no path. */
const pathlessCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE'];

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
