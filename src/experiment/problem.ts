// A problem of an experiment file and its place: the common format of the parser, the linter and the trainer.

/** Path of a setting in an experiment file: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** The part of a setting that a problem points at: its value, its key, or the object in which it is missing. */
export type Target = 'value' | 'key' | 'parent';

/** A range of the file, or the command-line option that the value came from. */
export interface Place {
  readonly file: string;
  /** 1-based, in UTF-16 units as in editors; 0 if the value came from `option`. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  /** The option as written, if the value came from it and not from the file: `--set critic.width=big`. */
  readonly option?: string;
}

export interface Problem extends Place {
  readonly severity: 'error' | 'warning';
  /** Stable id; for a lint rule, the id of the rule. */
  readonly code: string;
  /** The fault, the value, and what to do. */
  readonly message: string;
  /** Edits that fix it, the best first; absent if there are none. */
  readonly fixes?: readonly TextFix[];
}

/** A problem with the path of its setting, whose place in the file is not known yet. */
export interface Finding {
  readonly severity: Problem['severity'];
  readonly code: string;
  readonly message: string;
  readonly path: Path;
  readonly target: Target;
  readonly fixes?: readonly Fix[];
}

/**
 * One step of a quick fix, on the experiment with its defaults filled in: set a value, remove a setting, rename a key.
 */
export type Change =
  | { readonly path: Path; readonly value: unknown }
  | { readonly path: Path; readonly remove: true }
  | { readonly path: Path; readonly rename: string };

/** A quick fix as a check offers it. */
export interface Fix {
  /** What it does, as the title of a menu: `Set c to 0.1`. */
  readonly title: string;
  readonly changes: readonly Change[];
  /** One of several values of which none is more likely than another: only the user can select it. */
  readonly isChoice?: boolean;
}

/** A quick fix as an editor applies it: replaces `length` UTF-16 units at `offset` by `text`. */
export interface TextFix {
  readonly title: string;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
  readonly isChoice?: boolean;
}

/** `a.gan.json:4:17: error: ... [wrong-value]`, or with the option instead of file and line. */
export function formatProblem(problem: Problem): string {
  const { option, file, line, column, severity, message, code } = problem;
  const shortened = option !== undefined && option.length > 120 ? `${option.slice(0, 117)}...` : option;
  // Messages of other programs have line breaks.
  const text = message.replace(/\s*[\r\n]\s*/g, ' ');
  return printable(`${shortened ?? `${file}:${line}:${column}`}: ${severity}: ${text} [${code}]`);
}

/** Sorts problems in the order of the text, those of the command line last. */
export function byPlace(a: Problem, b: Problem): number {
  const rank = (problem: Problem) => (problem.option === undefined ? 0 : 1);
  return rank(a) - rank(b) || a.offset - b.offset;
}

/** `critic.width`, `constraint.0.lambda`: as `--set` takes it. */
export function pathText(path: Path): string {
  return path.map((key) => (/^[\w$-]{1,60}$/.test(String(key)) ? key : showValue(String(key)))).join('.');
}

/** Text with all invisible and control characters as escapes, so that it cannot move the cursor or reverse a line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** A value as messages show it; a long one by its type or shortened. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) {
    const text = printable(JSON.stringify(value));
    return text.length > 30 ? 'a list' : text;
  }
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = printable(typeof value === 'string' ? JSON.stringify(value) : String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
