// Entry point of the command line: finds the command, runs it, and turns errors into text and an exit code.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../experiment/suggestions';
import { type Arguments, parseArguments } from './arguments';
import { type Command, type Context } from './command';
import { type CommandName, commands } from './commands';
import { exitProcess, onCrash, watchForCrashes } from './crashes';
import { errors } from './errors';
import { exitCode } from './exitCodes';
import { helpFor, overview } from './help';
import { createOutput } from './output';
import { packageVersion } from '../files/packageVersion';
import { reportError } from './reportError';

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  let outputError: NodeJS.ErrnoException | undefined;
  let resolveLost = (): void => {};
  const lost = new Promise<void>((resolve) => (resolveLost = resolve));
  const out = createOutput(process.stdout, (error) => {
    outputError = error;
    resolveLost();
  });
  const err = createOutput(process.stderr, () => {});
  const context: Context = { out, err, lost };
  const json = args.includes('--json');
  // Until the end is known, ending is a failure.
  process.exitCode = exitCode.failed;
  const hasCrashed = watchForCrashes();
  const release = onCrash((crash) => exitProcess(reportError(context, json, crash)));
  // What libraries and the user's modules print must not mix with lines of JSON.
  if (json) process.stdout.write = process.stderr.write.bind(process.stderr);
  let code: number;
  try {
    code = await dispatch(context, args);
  } catch (error) {
    code = reportError(context, json, error);
  }
  release();
  // A reader that closes the pipe (`| head`) is not a failure; a full disk is.
  if (outputError && ['EPIPE', 'EIO'].includes(outputError.code ?? ''))
    code = code === exitCode.interrupted ? exitCode.ok : code;
  else if (outputError) {
    err.line(`Cannot write the output: ${outputError.message}`);
    code = exitCode.failed;
  }
  process.exitCode = code;
  // Node's own end removes the handlers of signals first, and a late one would kill the process.
  process.on('exit', () => exitProcess(code));
  // After a crash, work that nobody waits for may still run.
  if (hasCrashed()) exitProcess(code);
  // A thread or handle that a library left open must not keep the process alive.
  setTimeout(() => exitProcess(code), 10_000).unref();
}

async function dispatch(context: Context, args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  const { out } = context;
  if (first === undefined) {
    context.err.line(overview(context.err.style));
    return exitCode.badInput;
  }
  if (first === '--version' || first === '-v') out.line(packageVersion());
  else if (first === 'help' || first === '--help' || first === '-h') {
    const [topic, ...more] = rest;
    out.line(topic === undefined ? overview(out.style) : helpFor(commandOf(topic, more)[0], out.style));
  } else {
    const [name, options] = commandOf(first, rest);
    if (!options.includes('--help') && !options.includes('-h')) return runCommand(context, commands[name], options);
    out.line(helpFor(name, out.style));
  }
  return exitCode.ok;
}

async function runCommand(context: Context, command: Command, args: readonly string[]): Promise<number> {
  const parsed: Arguments = parseArguments(command, args);
  const run = await command.load();
  return run(context, parsed);
}

/** The command, whose name may have two words, and its arguments. */
function commandOf(first: string, rest: readonly string[]): readonly [CommandName, readonly string[]] {
  const two = `${first} ${rest[0]}`;
  if (Object.hasOwn(commands, two)) return [two as CommandName, rest.slice(1)];
  const others = secondWords(first);
  if (others.length > 0 && rest[0] !== undefined && isUnknownWord(rest[0])) {
    const near = nearest(rest[0], others);
    throw errors.unknownSubcommand(two, near && `'earthmover ${first} ${near}'`, others);
  }
  return [commandNamed(first), rest];
}

/** The second words of the commands whose first word is this one. */
function secondWords(first: string): string[] {
  return Object.values<Command>(commands).flatMap(({ name, hidden }) =>
    !hidden && name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : [],
  );
}

/** Whether an argument is neither an option nor the name of something on the disk. */
function isUnknownWord(argument: string): boolean {
  const places = [argument, path.join('.earthmover', 'sweeps', argument)];
  return /^[a-z][a-z-]*$/i.test(argument) && !places.some((place) => existsSync(place));
}

function commandNamed(name: string): CommandName {
  if (Object.hasOwn(commands, name)) return name as CommandName;
  const names = [...Object.keys(commands), 'help'];
  const near = nearest(name, names) ?? names.find((each) => each.endsWith(` ${name}`));
  throw errors.unknownCommand(name, near && `'earthmover ${near}'`);
}
