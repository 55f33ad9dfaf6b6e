// A command's arguments, checked against what it declares. Node's parseArgs splits; the messages are ours.
import { parseArgs } from 'node:util';
import { nearest } from '../experiment/suggestions';
import { errors } from './errors';

export interface OptionSpec {
  /** What its value is called in the help; a switch has none. */
  readonly value?: string;
  /** May be given several times. */
  readonly many?: boolean;
  readonly text: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface CommandSignature<O extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  /** As printed after 'Usage:'. */
  readonly usage: string;
  readonly options: O;
  /** How many arguments that are not options. */
  readonly arguments: readonly [min: number, max: number];
}

type ValueOf<S extends OptionSpec> = S extends { many: true } ? string[] : S extends { value: string } ? string : true;

export interface Arguments<O extends OptionSpecs = OptionSpecs> {
  readonly values: { readonly [K in keyof O]?: ValueOf<O[K]> };
  readonly rest: readonly string[];
}

/** @throws InputError for an option that does not exist, lacks its value or comes twice, and for too few or many arguments. */
export function parseArguments<O extends OptionSpecs>(
  command: CommandSignature<O>,
  args: readonly string[],
): Arguments<O> {
  const types = Object.entries(command.options).map(([name, { value }]) => [
    name,
    { type: value ? ('string' as const) : ('boolean' as const), multiple: true },
  ]);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | string[] | true> = {};
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    const shown = token.rawName;
    // `-steps` is one slip, not the five short options that a parser sees in it.
    if (!spec || !shown.startsWith('--'))
      throw unknownOption(command, shown.startsWith('--') ? shown : args[token.index]);
    const value = valueOf(spec, shown, token.value, command);
    if (spec.many) values[token.name] = [...((values[token.name] as string[] | undefined) ?? []), value as string];
    else if (token.name in values) throw errors.givenTwice(shown);
    else values[token.name] = value;
  }
  const [min, max] = command.arguments;
  if (rest.length < min) throw errors.argumentMissing(command.name, command.usage);
  if (rest.length > max) throw errors.argumentsLeft(command.name, rest[max], command.usage);
  return { values: values as Arguments<O>['values'], rest };
}

function valueOf(spec: OptionSpec, shown: string, value: string | undefined, command: CommandSignature): string | true {
  if (!spec.value) {
    if (value !== undefined) throw errors.valueUnwanted(shown, value);
    return true;
  }
  // In `--out --json` the second is an option, not a folder of that name.
  const isOption = value?.startsWith('--') && Object.hasOwn(command.options, value.slice(2));
  if (value === undefined || value === '' || isOption) throw errors.valueMissing(shown, spec.value);
  return value;
}

function unknownOption(command: CommandSignature, shown: string): Error {
  const known = Object.keys(command.options).map((name) => `--${name}`);
  return errors.unknownOption(command.name, shown, nearest(shown, known));
}

/**
 * The value of an option as a whole number; undefined if the option is not given.
 * @throws InputError for anything else, or a number below `least`
 */
export function wholeNumber(
  option: string,
  text: string | undefined,
  { least, example }: { readonly least: number; readonly example: string },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
    throw errors.notAWholeNumber(option, text, least, example);
  return value;
}
