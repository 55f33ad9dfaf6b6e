// What a command gets to work with, and what it is.
import { type Arguments, type OptionSpecs, type CommandSignature } from './arguments';
import { type Output } from './output';

export interface Context {
  readonly out: Output;
  readonly err: Output;
  /** Resolves when stdout can no longer be written; never rejects. */
  readonly lost: Promise<void>;
}

/** Does the work; resolves to the exit code. Throws an InputError for what the user can set right. */
export type CommandHandler<O extends OptionSpecs> = (context: Context, args: Arguments<O>) => Promise<number>;

/** What the help says and the dispatcher needs; the work itself is loaded when it is called for. */
export interface Command<O extends OptionSpecs = OptionSpecs> extends CommandSignature<O> {
  readonly summary: string;
  /** More for `earthmover help <command>`, in lines. */
  readonly details: readonly string[];
  readonly load: () => Promise<CommandHandler<O>>;
}
