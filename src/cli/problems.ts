// Problems of experiment files, as they are printed: for people, and as JSON.
import { formatProblem, type Problem } from '../experiment/problem';
import { toJson } from './jsonLines';
import { type Output } from './output';
import { clean } from './text';

/** Text goes to `text`; with `json` each problem is also an object on a line there: {"event":"problem", ...}. */
export function printProblems(problems: readonly Problem[], text: Output, json?: Output): void {
  for (const problem of problems) {
    text.line(clean(formatProblem(problem)));
    json?.line(toJson({ event: 'problem', ...problem }));
  }
}

/** The problems that an error of the trainer's brings along; none for other errors. */
export function problemsOf(error: Error): readonly Problem[] {
  return (error as Error & { problems?: readonly Problem[] }).problems ?? [];
}
