// Errors in the user's experiment or model files, with their location, found by the trainer before the first step.
import { formatProblem, parseExperiment, type Parsed, type Path, type Problem } from '../experiment';
import { UserError } from '../shared/userError';

/** An error at a place of an experiment or model file. */
export interface InputError extends UserError {
  readonly problems: readonly Problem[];
}

const inputError = (problem: Problem): InputError =>
  Object.assign(new UserError(problem.code, formatProblem(problem)), { problems: [problem] });

export interface ExperimentSource {
  /** The experiment file, and its text as it was read. */
  readonly path: string;
  readonly text: string;
  /** Locates a setting in the file or on the command line; by default in the file only. */
  readonly place?: Parsed['place'];
}

/** An error at a setting of the experiment file. */
export function settingError(source: ExperimentSource, code: string, path: Path, message: string): InputError {
  const place = source.place ?? parseExperiment(source.text, source.path).place;
  return inputError(place({ severity: 'error', code, message, path, target: 'value' }));
}

export interface FileLocation {
  readonly file: string;
  /** 1-based; 0 if unknown. */
  readonly line: number;
  readonly column: number;
}

/** An error at a location of a model file. */
export const modelFileError = (code: string, message: string, { file, line, column }: FileLocation): InputError =>
  inputError({
    severity: 'error',
    code,
    message,
    file,
    line,
    column,
    endLine: line,
    endColumn: column,
    offset: 0,
    length: 0,
  });
