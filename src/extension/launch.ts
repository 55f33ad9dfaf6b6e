// Starting a training from the editor: check the file, make the run, start the trainer, and tell why it did not start.
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { dataSources } from '../catalog';
import { lintExperiment, parseExperiment, setOverride, type Experiment, type Override } from '../experiment';
import { defaultRunDirectory, readManifest, runPaths } from '../run/directory';
import { readStatus } from '../run/status';
import type { Diagnostics } from './diagnostics';
import { errors } from './errors';
import type { Log } from './log';
import type { Runs } from './runs/runs';
import { nodePath } from './settings';
import { lastWords, loggedProblems } from './startupProblems';
import { type Exit, startTrainer, threadsBesideEditor, type Trainer } from './trainer';
import { trusted } from './trust';

export interface Launched {
  readonly directory: string;
  readonly experiment: Experiment;
}

export interface Launcher {
  /**
   * Trains an experiment file with some settings changed. Undefined where nothing was started: the user has been told why.
   * `change` gets the experiment as the file has it, and returns what is to be changed.
   */
  train(file: vscode.Uri, change?: (experiment: Experiment) => readonly Override[]): Promise<Launched | undefined>;
  /** Goes on with a run that has ended, to `steps` in all where they are given. Whether a trainer was started. */
  goOn(directory: string, steps?: number): Promise<boolean>;
  /** The experiment of a run that is being started and has not been written yet. */
  starting(directory: string): Experiment | undefined;
  /** Fires with the directory of a run that did not start, which is then gone. */
  readonly onDidNotStart: vscode.Event<string>;
}

export interface LauncherOptions {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly runs: Runs;
  readonly diagnostics: Diagnostics;
}

export function createLauncher({ context, log, runs, diagnostics }: LauncherOptions): Launcher {
  const starting = new Map<string, Experiment>();
  const notStarted = new vscode.EventEmitter<string>();
  context.subscriptions.push(notStarted);
  const script = context.asAbsolutePath('dist/cli.cjs');

  const start = (args: readonly string[], directory: string, cwd: string): Trainer => {
    const node = nodePath() || process.execPath;
    const trainer = startTrainer({ node, script, args, cwd, log: runPaths(directory).log });
    log.info(`Trainer ${trainer.pid ?? '(not started)'}: ${[node, script, ...args].join(' ')}`);
    void trainer.ended.then((exit) => log.info(`Trainer ${trainer.pid ?? ''} of ${directory}: ${exitText(exit)}`));
    return trainer;
  };

  /** Puts the log of a run that never began where it stays, removes the run's folder and tells the user. */
  const explain = async (directory: string, name: string, exit: Exit) => {
    const text = readOr(runPaths(directory).log, '');
    const kept = path.join(context.logUri.fsPath, `${path.basename(directory)}.log`);
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    fs.writeFileSync(kept, text);
    fs.rmSync(directory, { recursive: true, force: true });
    notStarted.fire(directory);
    if ('notStarted' in exit) throw errors.nodeMissing(nodePath() || process.execPath, exit.notStarted.message);
    const problems = loggedProblems(text);
    diagnostics.show(problems);
    const [first] = problems.filter(({ severity }) => severity === 'error');
    const why = first?.message ?? (text.trim() === '' ? `its process ended (${exitText(exit)})` : lastWords(text));
    log.error(`${name} did not start: ${exitText(exit)}\n${text}`);
    void tell(`${name} did not start: ${why}`, kept, first);
  };

  return {
    onDidNotStart: notStarted.event,
    starting: (directory) => starting.get(directory),
    async train(file, change = () => []) {
      if (!(await trusted('train an experiment'))) return undefined;
      if (file.scheme !== 'file') throw errors.notOnDisk(path.posix.basename(file.path));
      await saveBeforeStart(file);
      const experiment = await checked(file, change);
      if (experiment === undefined) return undefined;
      const overrides = launchOverrides(experiment.plain, change);
      const { name } = experiment.changed;
      const root = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? path.dirname(file.fsPath);
      const directory = defaultRunDirectory(root, name);
      starting.set(directory, experiment.changed);
      const expected = runs.expect({ directory, name, source: file.fsPath });
      const set = overrides.flatMap(({ assignment }) => ['--set', assignment]);
      const trainer = start(['train', file.fsPath, '--out', directory, ...set], directory, root);
      diagnostics.forget([file.fsPath, ...modulesOf(experiment.changed, file.fsPath)]);
      void trainer.ended.then(async (exit) => {
        try {
          if (!fs.existsSync(runPaths(directory).experiment)) await explain(directory, name, exit);
        } catch (error) {
          log.error(String(error));
          void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
        } finally {
          starting.delete(directory);
          expected.dispose();
        }
      });
      await runs.refresh();
      return { directory, experiment: experiment.changed };
    },
    async goOn(directory, steps) {
      if (!(await trusted('go on with a run'))) return false;
      const before = readStatus(directory)?.attempt ?? 0;
      const name = nameOf(directory);
      const said = readOr(runPaths(directory).log, '').length;
      const extent = steps === undefined ? [] : ['--steps', String(steps)];
      const trainer = start(['resume', directory, ...extent], directory, path.dirname(directory));
      const expected = runs.expect({ directory, name, source: sourceOf(directory) });
      void trainer.ended.then(async (exit) => {
        expected.dispose();
        if ('notStarted' in exit) {
          const { message } = errors.nodeMissing(nodePath() || process.execPath, exit.notStarted.message);
          return void vscode.window.showErrorMessage(message);
        }
        // A trainer that took the run over says in its status how it ended; one that did not says it in the log alone.
        if ((readStatus(directory)?.attempt ?? 0) > before) return;
        const { log: file } = runPaths(directory);
        const text = readOr(file, '').slice(said);
        const problems = loggedProblems(text);
        diagnostics.show(problems);
        await tell(`${name} did not go on: ${problems[0]?.message ?? lastWords(text)}`, file, problems[0]);
      });
      await runs.refresh();
      return true;
    },
  };

  /** The experiment as it is written and as it will be trained; undefined where it has errors, which are then shown. */
  async function checked(file: vscode.Uri, change: (experiment: Experiment) => readonly Override[]) {
    const text = (await vscode.workspace.openTextDocument(file)).getText();
    const plain = parseExperiment(text, file.fsPath);
    const parsed = plain.experiment && parseExperiment(text, file.fsPath, launchOverrides(plain.experiment, change));
    const problems = parsed ? [...parsed.problems, ...lintExperiment(parsed)] : plain.problems;
    const wrong = problems.filter(({ severity }) => severity === 'error');
    if (wrong.length === 0 && plain.experiment && parsed?.experiment) {
      return { plain: plain.experiment, changed: parsed.experiment };
    }
    const [first] = wrong;
    const others = wrong.length === 1 ? '' : ` (and ${wrong.length - 1} more)`;
    await tell(`${path.basename(file.fsPath)} cannot be trained: ${first?.message ?? 'it is no experiment.'}${others}`, undefined, first); // prettier-ignore
    return undefined;
  }
}

/**
 * What the editor changes by itself: a file that leaves the threads open leaves one core to the editor. Steps on points
 * are left to the engine, whose "auto" takes a single thread for steps so small.
 */
function launchOverrides(
  experiment: Experiment,
  change: (experiment: Experiment) => readonly Override[],
): readonly Override[] {
  const open = experiment.threads === 'auto' && dataSources[experiment.data.source].gives === 'images';
  return [...(open ? [setOverride(`threads=${threadsBesideEditor()}`)] : []), ...change(experiment)];
}

/** What is trained is what is seen: the experiment and open model files are saved first. */
async function saveBeforeStart(file: vscode.Uri): Promise<void> {
  const isCode = ({ languageId }: vscode.TextDocument) => /^(type|java)script$/.test(languageId);
  const dirty = vscode.workspace.textDocuments.filter(
    (document) => document.isDirty && !document.isUntitled && (document.uri.fsPath === file.fsPath || isCode(document)),
  );
  await Promise.all(dirty.map((document) => document.save()));
}

/** Shows an error with a way to its place and to the log. */
async function tell(
  message: string,
  log: string | undefined,
  place: { file: string; line: number; column: number } | undefined,
): Promise<void> {
  const [go, show] = ['Go to Problem', 'Show Log'];
  const offers = [...(place ? [go] : []), ...(log ? [show] : [])];
  const chosen = await vscode.window.showErrorMessage(message, ...offers);
  if (chosen === go && place) {
    const at = new vscode.Position(Math.max(0, place.line - 1), Math.max(0, place.column - 1));
    await vscode.window.showTextDocument(vscode.Uri.file(place.file), { selection: new vscode.Range(at, at) });
  }
  if (chosen === show && log) await vscode.window.showTextDocument(vscode.Uri.file(log));
}

const modulesOf = ({ generator, critic }: Experiment, file: string): string[] =>
  [generator, critic].flatMap((network) =>
    'module' in network ? [path.resolve(path.dirname(file), network.module)] : [],
  );

function exitText(exit: Exit): string {
  if ('notStarted' in exit) return exit.notStarted.message;
  return 'code' in exit ? `exit code ${exit.code}` : `ended by ${exit.signal}`;
}

function readOr(file: string, otherwise: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function nameOf(directory: string): string {
  const { name } = readManifest(directory).experiment as { name?: unknown };
  return typeof name === 'string' ? name : path.basename(directory);
}

function sourceOf(directory: string): string {
  return readManifest(directory).source.path;
}
