// Parses the arguments of a command against its declaration. Node's parseArgs splits them; the messages are our own.
import { parseArgs } from 'node:util';
import { nearest } from '../experiment/suggestions';
import { errors } from './errors';

export interface OptionSpec {
  /** Name of the value in the help; absent for a switch. */
  readonly value?: string;
  /** Whether the option may be given more than once. */
  readonly many?: boolean;
  readonly text: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface CommandSignature<O extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  /** Printed after 'Usage:'. */
  readonly usage: string;
  readonly options: O;
  /** Numbers of positional arguments. */
  readonly arguments: readonly [min: number, max: number];
}

type ValueOf<S extends OptionSpec> = S extends { many: true } ? string[] : S extends { value: string } ? string : true;

export interface Arguments<O extends OptionSpecs = OptionSpecs> {
  readonly values: { readonly [K in keyof O]?: ValueOf<O[K]> };
  readonly rest: readonly string[];
}

/**
 * @throws UserError for an unknown option, a missing value, an option given twice, and too few or too many arguments
 */
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
    // `-steps` is one typing error, not five short options.
    if (!spec || !shown.startsWith('--'))
      throw unknownOption(command, shown.startsWith('--') ? shown : args[token.index]);
    const value = valueOf(spec, shown, token.value, command);
    if (spec.many) values[token.name] = [...((values[token.name] as string[] | undefined) ?? []), value as string];
    else if (token.name in values) throw errors.givenTwice(shown);
    else values[token.name] = value;
  }
  const [min, max] = command.arguments;
  if (rest.length < min) throw errors.argumentMissing(command.name, command.usage);
  if (rest.length > max) throw errors.tooManyArguments(command.name, rest[max], command.usage);
  return { values: values as Arguments<O>['values'], rest };
}

function valueOf(spec: OptionSpec, shown: string, value: string | undefined, command: CommandSignature): string | true {
  if (!spec.value) {
    if (value !== undefined) throw errors.valueUnwanted(shown, value);
    return true;
  }
  // In `--out --json`, --json is an option, not the value.
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
 * @throws UserError for anything else, or a number below `least`
 */
export function wholeNumber(
  option: string,
  text: string | undefined,
  { least, most, example }: { readonly least: number; readonly most?: number; readonly example: string },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > (most ?? value))
    throw errors.notAWholeNumber(option, text, { least, most, example });
  return value;
}
