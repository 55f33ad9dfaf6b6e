// What is wrong with an experiment file, and where: the one form of message of parser, linter and trainer.

/** A place in the value of an experiment file: keys and list indices from the top. */
export type Path = readonly (string | number)[];

/** Part of a setting that a message points at: its value, its key, or the object where it is missing. */
export type Target = 'value' | 'key' | 'parent';

/** A range of the file, or the command-line option that the value came from. */
export interface Place {
  readonly file: string;
  /** 1-based, in UTF-16 units as editors count; 0 when the value came from `option`. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  /** The option as written, where it and not the file holds the value: `--set critic.width=big`. */
  readonly option?: string;
}

export interface Problem extends Place {
  readonly severity: 'error' | 'warning';
  /** Stable id; rules of the linter have theirs. */
  readonly code: string;
  /** What, the value, what to do. */
  readonly message: string;
  /** Edits that would set it right, the best first; absent where there are none. */
  readonly fixes?: readonly TextFix[];
}

/** A problem that knows its path and not yet its place. */
export interface Finding {
  readonly severity: Problem['severity'];
  readonly code: string;
  readonly message: string;
  readonly path: Path;
  readonly target: Target;
  readonly fixes?: readonly Fix[];
}

/** One step of a quick fix, on the experiment with its defaults filled in: set a value, remove a setting, rename a key. */
export type Change =
  | { readonly path: Path; readonly value: unknown }
  | { readonly path: Path; readonly remove: true }
  | { readonly path: Path; readonly rename: string };

/** A quick fix as a check offers it. */
export interface Fix {
  /** What it does, as the title of a menu: `Set c to 0.1`. */
  readonly title: string;
  readonly changes: readonly Change[];
}

/** A quick fix as an editor applies it: replaces `length` UTF-16 units at `offset` by `text`. */
export interface TextFix {
  readonly title: string;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** `a.gan.json:4:17: error: ... [wrong-value]`, or with the option in place of file and line. */
export function formatProblem(problem: Problem): string {
  const { option, file, line, column, severity, message, code } = problem;
  const shortened = option !== undefined && option.length > 120 ? `${option.slice(0, 117)}...` : option;
  return printable(`${shortened ?? `${file}:${line}:${column}`}: ${severity}: ${message} [${code}]`);
}

/** In the order of the text, then what came from the command line. */
export function byPlace(a: Problem, b: Problem): number {
  const rank = (problem: Problem) => (problem.option === undefined ? 0 : 1);
  return rank(a) - rank(b) || a.offset - b.offset;
}

/** `critic.width`, `constraint.0.lambda`: as `--set` takes it. */
export function pathText(path: Path): string {
  return path.map((key) => (/^[\w$-]{1,60}$/.test(String(key)) ? key : showValue(String(key)))).join('.');
}

/** Text that moves no cursor and turns no writing direction, whatever a file or an option holds. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** A value as a message shows it: short, and what it is where it is long. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) {
    const text = printable(JSON.stringify(value));
    return text.length > 30 ? 'a list' : text;
  }
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = printable(typeof value === 'string' ? JSON.stringify(value) : String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
