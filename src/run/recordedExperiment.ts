// The experiment in experiment.json, which may have been edited, or written by another version.
import { parseExperiment, type Experiment } from '../experiment';
import { runPaths } from './directory';
import { runError } from './errors';

/**
 * Validates the experiment of a run like an experiment file: settings that an older version did not have get their
 * defaults. Throws a UserError that names the first problem.
 */
export function validExperiment(recorded: unknown, directory: string): Experiment {
  const file = runPaths(directory).experiment;
  const { experiment, problems } = parseExperiment(JSON.stringify(recorded, null, 2), file);
  if (experiment) return experiment;
  throw runError(
    'damaged',
    `${file} does not contain a valid experiment: ${problems[0].message} Start a new run from the experiment file.`,
  );
}
