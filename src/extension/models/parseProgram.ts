// Parses TypeScript and JavaScript, with JSX and decorators, also while it is being typed.
import { parse, type ParserOptions, type ParserPlugin } from '@babel/parser';
import type { Program } from '@babel/types';

export type { Node, ObjectExpression, Program } from '@babel/types';

export interface ParsedProgram {
  readonly program: Program;
  /** False if a statement does not parse and was left out. */
  readonly isWhole: boolean;
}

/** A file is parsed without its broken statements, of which there may be this many. */
const maxBroken = 3;

/** Undefined if the text does not parse, even without its broken statements. `file` decides on the language. */
export function parseProgram(text: string, file: string): ParsedProgram | undefined {
  const options = { ...common, plugins: pluginsFor(file, 'decorators-legacy') };
  let whole = attempt(text, options);
  // The decorators of the standard may follow `export`, but not decorate parameters.
  if ('errorAt' in whole && /\bexport\s+(default\s+)?@/.test(text))
    whole = attempt(text, { ...common, plugins: pluginsFor(file, 'decorators') });
  if ('program' in whole) return { program: whole.program, isWhole: true };
  let rest = text;
  for (let broken = 0; broken < maxBroken; broken++) {
    // Strictly, an unclosed bracket is noticed in the next statement; with recovery, perhaps at the end of the text.
    const errors = [false, true].flatMap((errorRecovery) => {
      const tried = attempt(rest, { ...options, errorRecovery });
      return 'errorAt' in tried && tried.errorAt >= 0 ? [tried.errorAt] : [];
    });
    const candidates = errors.flatMap((error) => withoutStatementAt(rest, error));
    if (candidates.length === 0) return undefined;
    // The one that leaves out both is tried last.
    for (const candidate of [...candidates].reverse()) {
      const tried = attempt(candidate, options);
      if ('program' in tried) return { program: tried.program, isWhole: false };
    }
    rest = candidates[0];
  }
  return undefined;
}

const common = {
  sourceType: 'module',
  errorRecovery: true,
  allowAwaitOutsideFunction: true,
  allowReturnOutsideFunction: true,
  allowUndeclaredExports: true,
  attachComment: false,
} as const satisfies ParserOptions;

/** In .ts files `<T>x` is a type assertion, everywhere else an element. */
function pluginsFor(file: string, decorators: 'decorators-legacy' | 'decorators'): ParserPlugin[] {
  const extension = /\.([cm]?[jt]sx?)$/i.exec(file)?.[1].toLowerCase() ?? 'ts';
  const language: ParserPlugin[] = extension.includes('t') ? ['typescript'] : ['flow'];
  const elements: ParserPlugin[] = /^[cm]?ts$/.test(extension) ? [] : ['jsx'];
  return [...language, ...elements, decorators, 'decoratorAutoAccessors'];
}

function attempt(text: string, options: ParserOptions): { readonly program: Program } | { readonly errorAt: number } {
  try {
    return { program: parse(text, options).program };
  } catch (error) {
    // A text that is nested too deeply is an error without a position.
    const { pos } = error as { pos?: unknown };
    return { errorAt: typeof pos === 'number' ? pos : -1 };
  }
}

/**
 * The text without the statement at an offset and the one before it, without either, each replaced by spaces so that
 * all others keep their places.
 */
function withoutStatementAt(text: string, offset: number): string[] {
  // Statements at the top level begin at the start of a line, with a word: what is inside of them is indented.
  const starts = [...text.matchAll(/^[\w@$]/gm)].map(({ index }) => index);
  const after = starts.findIndex((start) => start > offset);
  const at = (after < 0 ? starts.length : after) - 1;
  const without = (first: number, last: number): string[] => {
    const [from, to] = [starts[first], starts[last + 1] ?? text.length];
    return first < 0 ? [] : [text.slice(0, from) + text.slice(from, to).replace(/[^\r\n]/g, ' ') + text.slice(to)];
  };
  return [...without(at - 1, at), ...without(at - 1, at - 1), ...without(at, at)];
}
