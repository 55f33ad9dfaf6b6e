// The interface between the command line and its commands.
import { type Arguments, type OptionSpecs, type CommandSignature } from './arguments';
import { type Output } from './output';

export interface Context {
  readonly out: Output;
  readonly err: Output;
  /** Resolves when stdout can no longer be written; never rejects. */
  readonly lost: Promise<void>;
}

/** Runs the command and resolves to the exit code. @throws UserError for what the user can fix */
export type CommandHandler<O extends OptionSpecs> = (context: Context, args: Arguments<O>) => Promise<number>;

/** A command: its help texts, its arguments, and how to load its code. */
export interface Command<O extends OptionSpecs = OptionSpecs> extends CommandSignature<O> {
  readonly summary: string;
  /** Whether the list of commands leaves it out: for programs. */
  readonly hidden?: boolean;
  /** More lines for `earthmover help <command>`. */
  readonly details: readonly string[];
  readonly load: () => Promise<CommandHandler<O>>;
}
