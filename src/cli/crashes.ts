// What ends a process although its work is not done: an exception in a timer, a rejected promise that nobody awaits, a
// promise that never settles, and process.exit().
import { messageOf, stackOf } from '../shared/thrownValue';
import { UserError, isUserError } from '../shared/userError';
import { modelFileError } from '../trainer/inputErrors';
import { userFrame } from '../trainer/userFrame';

/** `thrown`: other work continues. `stuck`: nothing else will happen. `over`: only synchronous work can be done. */
export type CrashKind = 'thrown' | 'stuck' | 'over';

/** Returns whether it handled the crash. */
export type CrashHandler = (crash: Error, kind: CrashKind) => boolean;

/** Node's own, which `watchForCrashes` replaces. */
export const exitProcess: (code: number) => never = process.exit.bind(process);

/** The last one is asked first. */
const handlers: CrashHandler[] = [];

/** Adds a handler until the returned function is called. */
export function onCrash(handler: CrashHandler): () => void {
  handlers.push(handler);
  return () => void handlers.splice(handlers.lastIndexOf(handler), 1);
}

/** From now on, crashes are handled, until there are no more handlers. Returns whether there was one. */
export function watchForCrashes(): () => boolean {
  let hasCrashed = false;
  const handle = (crash: Error, kind: CrashKind): void => {
    hasCrashed ||= handlers.length > 0;
    [...handlers].reverse().some((handler) => handler(crash, kind));
  };
  const onThrown = (value: unknown): void => handle(asCrash(value), 'thrown');
  process.on('uncaughtException', onThrown);
  process.on('unhandledRejection', onThrown);
  process.on('beforeExit', () => handle(new UserError('crashed', neverSettles), 'stuck'));
  process.on('exit', () => handle(new UserError('crashed', exited), 'over'));
  // In a call of Earthmover this is an error at the user's line; in a timer it is an uncaught exception.
  process.exit = () => {
    throw new Error(exitRefused);
  };
  return () => hasCrashed;
}

const neverSettles =
  'The work cannot continue: it waits for a promise that never settles. ' +
  'Check the functions of model files that are async or return a promise.';
const exited = 'The process was ended from within. Check model files for code that exits.';
const exitRefused = 'process.exit() was called, but a model file must not end the process. Throw an error instead.';

/** An exception from the user's code becomes an error at its line; any other one is a bug and stays as it is. */
function asCrash(thrown: unknown): Error {
  if (isUserError(thrown)) return thrown;
  const place = userFrame(stackOf(thrown));
  if (place) return modelFileError('crashed', messageOf(thrown), place);
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
