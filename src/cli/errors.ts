// Errors of the command line's user: each says what, the value, and what to do.
import { type ProcessIdentity } from '../protocol/status';
import { clean, plural } from './format';

/** An error whose text is meant for the user, without a stack. */
export function inputError(message: string): Error {
  return Object.assign(new Error(message), { name: 'InputError' });
}

/**
 * Errors that are told as their message, without a stack: ours, the trainer's of its input, those of data, of a download and
 * of a run directory. They are known by name, because the trainer is another bundle.
 */
export const isUserError = (error: unknown): error is Error =>
  error instanceof Error && ['UserError', 'InputError', 'DataError', 'DownloadError'].includes(error.name);

const didYouMean = (suggestion: string | undefined): string => (suggestion ? ` Did you mean ${suggestion}?` : '');

export const errors = {
  unknownCommand: (name: string, suggestion?: string) =>
    inputError(`There is no command '${clean(name)}'.${didYouMean(suggestion)} 'earthmover help' lists the commands.`),
  unknownOption: (command: string, option: string, suggestion?: string) =>
    inputError(
      `'earthmover ${command}' has no option ${clean(option)}.${didYouMean(suggestion)} ` +
        `'earthmover help ${command}' lists its options.`,
    ),
  valueMissing: (option: string, value: string) => inputError(`${option} needs a value: ${option} ${value}.`),
  valueUnwanted: (option: string, value: string) =>
    inputError(`${option} takes no value, but was given '${clean(value)}'. Write ${option} alone.`),
  givenTwice: (option: string) => inputError(`${option} is given more than once. Give it once.`),
  argumentMissing: (command: string, usage: string) =>
    inputError(`'earthmover ${command}' needs more to go on. Usage: ${usage}`),
  argumentsLeft: (command: string, argument: string, usage: string) =>
    inputError(`'earthmover ${command}' does not know what to do with '${clean(argument)}'. Usage: ${usage}`),
  notAWholeNumber: (option: string, value: string, least: number, example: string) =>
    inputError(
      `${option} must be a whole number from ${least}, got "${clean(value)}" (for example ${option} ${example}).`,
    ),
  notOneOf: (option: string, value: string, choices: readonly string[]) =>
    inputError(`${option} is '${clean(value)}'; it must be ${choices.join(' or ')}.`),
  notOfFormat: (option: string, format: string) =>
    inputError(`--${option} means nothing with --format ${format}. Leave it out.`),
  cannotRead: (file: string, cause: NodeJS.ErrnoException) =>
    inputError(`${clean(file)} cannot be read: ${readingAdvice(cause)}`),
  notAFile: (file: string) => inputError(`${clean(file)} is a folder. Name an experiment file (*.gan.json) in it.`),
  noExperiments: (folder: string) =>
    inputError(`${clean(folder)} holds no experiment file: none in it ends in .gan.json or .gan.jsonc.`),
  tooLarge: (file: string, size: number) =>
    inputError(`${clean(file)} has ${plural(size, 'byte')}; an experiment file has far fewer. Is it the right file?`),
  cannotWrite: (file: string, cause: NodeJS.ErrnoException) =>
    inputError(`${clean(file)} cannot be written: ${clean(cause.message)}. Choose another --out.`),
  unknownDataset: (name: string, suggestion: string | undefined, known: readonly string[]) =>
    inputError(
      `There is no data set '${clean(name)}'.${didYouMean(suggestion && `'${suggestion}'`)} There are ${known.join(', ')}.`,
    ),
  noSuchRun: (run: string, places: readonly string[]) =>
    inputError(
      `There is no run '${clean(run)}' (looked for ${places.map(clean).join(' and ')}). ` +
        `Name a run directory, or one of those in .earthmover/runs.`,
    ),
  runHasEnded: (run: string, state: string) =>
    inputError(`${clean(run)} is not training: it ended (${state}). 'earthmover resume' goes on with it.`),
  runIsDead: (run: string, pid: number) =>
    inputError(
      `${clean(run)} is not training: its process (${pid}) is gone, without having said why. ` +
        `'earthmover resume' goes on from its last checkpoint.`,
    ),
  noAnswer: (run: string, seconds: number, { pid, host }: ProcessIdentity) =>
    inputError(
      `${clean(run)} did not answer within ${seconds} s. A long step may be under way: the request stays in its ` +
        `control folder. If its process (${pid} on ${clean(host)}) hangs, end that and resume the run.`,
    ),
  noEnd: (run: string, seconds: number, { pid, host }: ProcessIdentity) =>
    inputError(
      `${clean(run)} is stopping, but did not end within ${seconds} s. If its process (${pid} on ${clean(host)}) ` +
        `hangs, end that and resume the run.`,
    ),
};

function readingAdvice(cause: NodeJS.ErrnoException): string {
  if (cause.code === 'ENOENT') return 'there is no such file. Check the path.';
  if (cause.code === 'EACCES') return 'permission is denied. Check who may read it.';
  return `${clean(cause.message)}.`;
}
