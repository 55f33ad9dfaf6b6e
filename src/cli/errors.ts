// Errors that the user of the command line can act on: each names the fault, the value, and what to do.
import type { Problem } from '../experiment/problem';
import { nearest } from '../experiment/suggestions';
import type { ProcessIdentity } from '../protocol/status';
import { diskReason } from '../files/diskReason';
import { clean, formatBytes, grouped, list } from '../shared/text';
import { UserError } from '../shared/userError';

export const inputError = (message: string): UserError => new UserError('input', message);

const quoted = (text: string | undefined): string | undefined => text && `'${clean(text)}'`;

const didYouMean = (suggestion: string | undefined): string => (suggestion ? ` Did you mean ${suggestion}?` : '');

export const errors = {
  unknownCommand: (name: string, suggestion?: string) =>
    inputError(`Unknown command '${clean(name)}'.${didYouMean(suggestion)} 'earthmover help' lists the commands.`),
  unknownSubcommand: (name: string, suggestion: string | undefined, others: readonly string[]) =>
    inputError(
      `Unknown command '${clean(name)}'.${didYouMean(suggestion)} 'earthmover sweep' takes a sweep file (*.sweep.json) or one of ${list(others, 'or')}.`,
    ),
  unknownOption: (command: string, option: string, suggestion?: string) =>
    inputError(
      `Unknown option ${clean(option)} for 'earthmover ${command}'.${didYouMean(suggestion)} ` +
        `'earthmover help ${command}' lists its options.`,
    ),
  valueMissing: (option: string, value: string) => inputError(`${option} needs a value: ${option} ${value}.`),
  valueUnwanted: (option: string, value: string) =>
    inputError(`${option} takes no value, got "${clean(value)}". Use ${option} on its own.`),
  givenTwice: (option: string) => inputError(`${option} was given more than once. Give it only once.`),
  argumentMissing: (command: string, usage: string) =>
    inputError(`Missing argument for 'earthmover ${command}'. Usage: ${usage}`),
  tooManyArguments: (command: string, argument: string, usage: string) =>
    inputError(`Unexpected argument '${clean(argument)}' for 'earthmover ${command}'. Usage: ${usage}`),
  notAWholeNumber: (
    option: string,
    value: string,
    { least, most, example }: { readonly least: number; readonly most?: number; readonly example: string },
  ) =>
    inputError(
      `${option} must be a whole number ${most === undefined ? `of at least ${least}` : `from ${least} to ${grouped(most)}`}, got "${clean(value)}" (for example ${option} ${example}).`,
    ),
  tooSmall: (option: string, value: string, least: number, example: string) =>
    inputError(
      `${option} must be a number of at least ${least}, got "${clean(value)}" (for example ${option} ${example}).`,
    ),
  notAShare: (option: string, value: string) =>
    inputError(`${option} must be at most 1, got "${clean(value)}" (for example ${option} 0.2).`),
  notACheckpoint: (value: string) =>
    inputError(`--checkpoint must be "best" or a step, got "${clean(value)}" (for example --checkpoint 1000).`),
  notOneOf: (option: string, value: string, choices: readonly string[]) =>
    inputError(
      `${option} must be ${list(choices, 'or')}, got "${clean(value)}".${didYouMean(nearest(value, choices))}`,
    ),
  optionWithout: (option: string, needed: string) =>
    inputError(`--${option} is only for --${needed}. Give --${needed} too, or leave out --${option}.`),
  twoOptions: (one: string, other: string) =>
    inputError(`--${one} and --${other} choose different checkpoints. Leave out one of them.`),
  optionOfOtherFormat: (option: string, format: string) =>
    inputError(`--${option} cannot be used with --format ${format}.`),
  cannotRead: (file: string, cause: unknown, suggestion?: string) =>
    inputError(
      `Cannot read ${clean(file)}: ${clean(diskReason(cause))}.${didYouMean(suggestion && clean(suggestion))} Check the path and its permissions.`,
    ),
  cannotFix: (file: string, cause: unknown) =>
    inputError(`Cannot write ${clean(file)}: ${clean(diskReason(cause))}. Nothing was changed.`),
  /** Its problems are printed instead of its message. */
  invalidExperiment: (problems: readonly Problem[], what = 'experiment') =>
    Object.assign(inputError(`The ${what} file has errors.`), { problems }),
  notAFile: (file: string) =>
    inputError(`${clean(file)} is a folder. Give an experiment file (*.gan.json) instead, for example one inside it.`),
  noExperiments: (folder: string) =>
    inputError(`No experiment files in ${clean(folder)}: none of its files ends in .gan.json or .sweep.json.`),
  tooLarge: (file: string, most: number) =>
    inputError(`${file} is too large for an experiment file (more than ${formatBytes(most)}). Is this the right file?`),
  notAPreview: (file: string) =>
    inputError(`${file} already exists and is not a preview. Choose another path with --out.`),
  unknownDataset: (name: string, suggestion: string | undefined, known: readonly string[]) =>
    inputError(
      `Unknown data set '${clean(name)}'.${didYouMean(suggestion && `'${suggestion}'`)} Available: ${list(known)}.`,
    ),
  fileWithoutStudy: (file: string, studies: readonly string[]) =>
    inputError(
      `${clean(file)} is not a study: give the study first, then the file. These studies take one: ${studies.join(', ')}. ` +
        `For example: earthmover reproduce ${studies[0]} ${clean(file)}`,
    ),
  unknownStudy: (id: string, suggestion: string | undefined) =>
    inputError(
      `Unknown study '${clean(id)}'.${didYouMean(suggestion && `'${suggestion}'`)} 'earthmover reproduce' lists the studies.`,
    ),
  badScale: (value: string) =>
    inputError(`--scale must be above 0 and at most 1, got "${clean(value)}" (for example --scale 0.1).`),
  studyWithoutCount: (id: string, counted: string) =>
    inputError(`${id} has no number of cases: --count is for ${counted}.`),
  studyWithoutFile: (id: string, why: string, others: readonly string[]) =>
    inputError(`${id} takes no file: ${why}. These studies take one: ${others.join(', ')}.`),
  unfitForStudy: (id: string, file: string, settings: readonly string[], problem: string) =>
    inputError(
      `${clean(file)} does not fit the study ${id}, which takes ${settings.join(', ')} from it: ${clean(problem)}`,
    ),
  otherStudyRun: (run: string) =>
    inputError(
      `${clean(run)} was trained with other settings, perhaps by another version of Earthmover. ` +
        `Remove it, or choose another folder with --out.`,
    ),
  trainingFailed: (name: string, run: string, message = 'no reason was recorded') =>
    inputError(`The training '${clean(name)}' failed: ${clean(message)} Its files are in ${clean(run)}.`),
  notEvaluated: (run: string, metrics: readonly string[]) =>
    inputError(
      `${clean(run)} was not evaluated by ${list(metrics)}. Evaluate it first, with the same options: earthmover evaluate ${clean(run)}`,
    ),
  otherProtocol: (run: string, metric: string, differences: readonly string[]) =>
    inputError(
      `The ${metric} of ${clean(run)} cannot be compared: it was measured with another protocol (${clean(differences.join('; '))}). ` +
        `Evaluate both runs with the same options.`,
    ),
  noSuchRun: (run: string, places: readonly string[], suggestion?: string) =>
    inputError(
      `No run '${clean(run)}' (looked for ${places.map(clean).join(' and ')}).${didYouMean(quoted(suggestion))} ` +
        `Give a run directory, or the name of a run in .earthmover/runs.`,
    ),
  sweepNotARun: (run: string, directory: string) =>
    inputError(
      `${clean(run)} is a sweep, not a run. Its trials are runs: give one, such as ${clean(directory)}/runs/0001. ` +
        `'earthmover sweep status ${clean(run)}' shows how far they are.`,
    ),
  fileNotARun: (file: string, command: string) =>
    inputError(
      `${clean(file)} is a file, not a run. Give a run directory, or the name of a run in .earthmover/runs. ` +
        `To train the file: earthmover ${command} ${clean(file)}`,
    ),
  noSuchSweep: (sweep: string, places: readonly string[], suggestion?: string) =>
    inputError(
      `No sweep '${clean(sweep)}' (looked for ${places.map(clean).join(' and ')}).${didYouMean(quoted(suggestion))} ` +
        `Give the directory of a sweep, the name of one in .earthmover/sweeps, or its sweep file. Start one with: earthmover sweep FILE`,
    ),
  notASweepFile: (file: string) =>
    inputError(
      `${clean(file)} is not a sweep file: those end in .sweep.json. To train one experiment: earthmover train ${clean(file)}`,
    ),
  plannedSweep: (sweep: string) =>
    inputError(
      `${clean(sweep)} is a sweep that is planned already. To continue it: earthmover sweep resume ${clean(sweep)}. ` +
        `To see it: earthmover sweep status ${clean(sweep)}`,
    ),
  /** Of a command that takes an experiment file. */
  sweepNotAnExperiment: (file: string) =>
    inputError(
      `${clean(file)} is a sweep file, and this command takes an experiment file (*.gan.json), such as the one that it names. ` +
        `To train the sweep: earthmover sweep ${clean(file)}`,
    ),
  severalFormats: (options: readonly string[]) => inputError(`Give only one of ${list(options, 'and')}.`),
  unknownSetting: (key: string, suggestion: string | undefined, known: readonly string[]) =>
    inputError(
      `--by ${key}: no trial of the sweep has this setting.${didYouMean(suggestion)} Available: ${clean(list(known))}.`,
    ),
  otherTrialRun: (run: string) =>
    inputError(
      `${clean(run)} was trained with other settings than those of the plan. Remove it to train the trial again.`,
    ),
  /** A checkpoint does not fit the changed settings of a fork. */
  doesNotFit: (settings: readonly string[], why: string) =>
    inputError(
      `The checkpoint does not fit the changed settings (${settings.map((one) => `--set ${clean(one)}`).join(', ')}): ${why}`,
    ),
  runHasEnded: (run: string, state: string) =>
    inputError(
      state === 'finished'
        ? `${clean(run)} is already finished. To extend it: earthmover resume ${clean(run)} --steps N`
        : `${clean(run)} has already ended (${clean(state)}). To resume it: earthmover resume ${clean(run)}`,
    ),
  runIsDead: (run: string, pid: number) =>
    inputError(
      `${clean(run)} is not training: its process (${pid}) exited unexpectedly. ` +
        `'earthmover resume' continues from its last checkpoint.`,
    ),
  noAnswer: (run: string, seconds: number, { pid, host }: ProcessIdentity) =>
    new UserError(
      'no-answer',
      `${clean(run)} did not respond within ${seconds} s. It may be in the middle of a long step and will stop after it. ` +
        `If its process (${pid} on ${clean(host)}) hangs, kill it and resume the run.`,
    ),
  noEnd: (run: string, seconds: number, { pid, host }: ProcessIdentity) =>
    new UserError(
      'no-answer',
      `${clean(run)} is stopping but has not ended after ${seconds} s. If its process (${pid} on ${clean(host)}) ` +
        `hangs, kill it and resume the run.`,
    ),
};
