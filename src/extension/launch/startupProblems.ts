// What a trainer said before its run began: problems with their place, read back from its log.
import { formatProblem, type Problem } from '../../experiment/problem';

export interface LoggedProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly severity: Problem['severity'];
  readonly message: string;
  readonly code: string;
}

/** Problems in the text of a log, in order and each once; lines of another form are no problems. The inverse of `formatProblem`. */
export function loggedProblems(text: string): LoggedProblem[] {
  const found = text.split(/\r?\n/).flatMap((line) => {
    const match = form.exec(line);
    if (match === null) return [];
    const [, file, row, column, severity, message, code] = match.map(unescaped);
    return [
      { file, line: Number(row), column: Number(column), severity: severity as Problem['severity'], message, code },
    ];
  });
  return found.filter((problem, index) => found.findIndex((other) => same(other, problem)) === index);
}

/** The last lines of a log that say why a trainer could not start, for a notification. */
export function lastWords(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const last = lines.findLast((line) => !line.startsWith('This is a defect')) ?? 'it said nothing';
  return last.replace(/^error\s+/, '').slice(0, 400);
}

const form = /^(.+?):(\d+):(\d+): (error|warning): (.*) \[([\w-]+)\]$/;

const same = (a: LoggedProblem, b: LoggedProblem): boolean => asText(a) === asText(b);
const asText = (problem: LoggedProblem): string =>
  formatProblem({ ...problem, endLine: problem.line, endColumn: problem.column, offset: 0, length: 0 });

/** `printable` writes control characters as \u{a}; a diagnostic shows them as they are. */
const unescaped = (text: string): string =>
  text.replace(/\\u\{([0-9a-f]{1,6})\}/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)));
