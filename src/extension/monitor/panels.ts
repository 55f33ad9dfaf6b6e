// The monitor's panels: one per run and one per comparison, restored after a reload.
import * as vscode from 'vscode';
import { userError } from '../userErrors';
import { wideColumn } from '../wideColumn';
import { monitorViewType } from '../ids';
import path from 'node:path';
import { isFromRun } from '../../protocol/monitorChecks';
import type { LatentRequest } from '../../protocol/latents';
import type { FromRunPage, RequestKind, ToPage } from '../../protocol/monitor';
import { runPaths } from '../../run/directory';
import { clean } from '../../shared/text';
import type { Log } from '../log';
import { markDone } from '../walkthrough';
import { shortStartTime, startTime } from '../runs/describe';
import { pageAccess, showPage } from './pagePanel';

export interface Monitors extends vscode.Disposable {
  /** Opens the panel of a run to the side, or reveals it if it is open. */
  open(directory: string, name: string): void;
  /** Opens the comparison of two or more runs in a wide column. Throws a UserError if there are fewer, or too many. */
  openCompare(runs: readonly { readonly directory: string; readonly name: string }[]): void;
  /** Whether the monitor of a run can be seen in this window. */
  isVisible(directory: string): boolean;
  /** Closes the panel of a run whose directory is being removed. */
  close(directory: string): void;
}

export function createMonitors(options: PanelOptions): Monitors {
  const panels = new Map<string, vscode.WebviewPanel>();
  const adopt = (panel: vscode.WebviewPanel, subject: Subject, title: string) => {
    panels.set(subjectKey(subject), panel);
    panel.onDidDispose(() => panels.delete(subjectKey(subject)));
    showPanel(options, panel, subject, title);
  };
  const openSubject = (subject: Subject, title: string) => {
    const opened = panels.get(subjectKey(subject));
    if (opened) return opened.reveal(undefined, true);
    const viewColumn = isComparison(subject) ? wideColumn() : besideExperiment(panels);
    const column = { viewColumn, preserveFocus: true };
    adopt(
      vscode.window.createWebviewPanel(monitorViewType, title, column, panelOptions(options, subject)),
      subject,
      title,
    );
  };
  const open: Monitors['open'] = (directory, name) => {
    openSubject({ directories: [directory] }, runTitle(directory, name));
    markDone('monitor');
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(monitorViewType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const subject = restoredSubject(state);
      if (subject === undefined || panels.has(subjectKey(subject))) return panel.dispose();
      panel.webview.options = panelOptions(options, subject);
      adopt(panel, subject, panel.title);
    },
  });
  return {
    open,
    openCompare(runs) {
      const subject = { directories: [...new Set(runs.map(({ directory }) => directory))] };
      if (!isComparison(subject))
        throw userError(vscode.l10n.t('Select at least two runs in the Runs view to compare them.'));
      if (subject.directories.length > maxCompared)
        throw userError(
          vscode.l10n.t('At most {0} runs can be compared; {1} are selected.', maxCompared, subject.directories.length),
        );
      const names = [...new Set(runs.map(({ name }) => name))];
      openSubject(subject, titleOf(names, runs.length));
      markDone('compare');
    },
    isVisible: (directory) => panels.get(subjectKey({ directories: [directory] }))?.visible === true,
    close: (directory) => panels.get(subjectKey({ directories: [directory] }))?.dispose(),
    dispose() {
      // The panels stay open: after a reload the serializer restores them.
      serializer.dispose();
    },
  };
}

/** The tab of a run: `ring 14:03:26`, since one experiment may have several runs; with its seed if it has one. */
export function runTitle(directory: string, name: string, now = new Date()): string {
  const seed = /-seed-\d+$/.exec(directory)?.[0].replaceAll('-', ' ') ?? '';
  const started = startTime(directory);
  if (started === '') return `${name}${seed}`;
  const at = new Date(started.replace(' ', 'T'));
  const isToday = at.toDateString() === now.toDateString();
  const day = isToday ? '' : ` ${shortStartTime(directory, now)}`;
  return `${name}${seed}${day} ${started.slice(11)}`;
}

function titleOf([name, another, ...more]: readonly string[], runs: number): string {
  if (another === undefined) return vscode.l10n.t('Compare {0}', name);
  return more.length > 0
    ? vscode.l10n.t('Compare {0} runs', runs)
    : vscode.l10n.t('Compare {0} and {1}', name, another);
}

type Asked = Exclude<FromRunPage, { type: 'saveCsv' | 'openRun' | 'explore' }>;

/** What the trainer is asked for has the `id` of the message `answered`. */
type Result<T> = T extends 'control' | 'slowMotion' | 'resumeRun' ? Promise<string | null> : unknown;

/** The requests of the page, for one run or for all runs that it shows. */
export type PageActions = {
  readonly [T in Asked['type']]: (directory: string, message: Extract<Asked, { type: T }>) => Result<T>;
} & {
  readonly saveCsv: (directories: readonly string[]) => unknown;
  /** Opens the monitor of one of them. */
  readonly openRun: (directory: string) => unknown;
};

interface PanelOptions {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly actions: PageActions;
  /** The experiment of a run that this window is starting, before its trainer has written it. */
  readonly starting: (directory: string) => unknown;
  /** Whether the experiment of a run has an earlier one. */
  readonly hasPrevious: (directory: string) => boolean;
}

function showPanel(options: PanelOptions, panel: vscode.WebviewPanel, subject: Subject, title: string): void {
  const { context, log, starting, hasPrevious } = options;
  const { directories } = subject;
  const [directory] = directories;
  let exploring = new AbortController();
  let isOpen = true;
  panel.onDidDispose(() => {
    isOpen = false;
    exploring.abort();
  });
  /** Generates samples and shows them; a later request takes the place of an earlier one. */
  const explore = async (request: LatentRequest) => {
    exploring.abort();
    const { signal } = (exploring = new AbortController());
    try {
      const { exploreLatents } = await import('../lazy');
      const answer = await exploreLatents(context, directory, request, signal);
      if (answer !== undefined && !signal.aborted) void panel.webview.postMessage({ type: 'explored', answer });
    } catch (error) {
      log.error(String(error));
    }
  };
  showPage(panel, {
    context,
    log,
    title,
    handle(message) {
      if (!isFromRun(message)) return;
      if (message.type === 'explore') {
        if (!isComparison(subject)) void explore(message.request);
        return;
      }
      const answer = handleMessage(options, subject, message);
      const request = requestOf(message);
      if (request !== null)
        void Promise.resolve(answer as string | null | Promise<string | null>).then((id) => {
          if (isOpen) void panel.webview.postMessage({ type: 'answered', request, id });
        });
    },
    async start(post, pictureUri) {
      const { feedComparison, feedMonitor } = await import('../lazy');
      return isComparison(subject)
        ? feedComparison({ directories, starting, post: titled(panel, directories, post), pictureUri })
        : feedMonitor({
            directory,
            starting: () => starting(directory),
            hasPrevious: () => hasPrevious(directory),
            post,
            pictureUri,
          });
    },
  });
}

/** Passes the messages of a comparison on, and names its tab after the runs that still exist. */
export function titled(
  panel: Pick<vscode.WebviewPanel, 'title'>,
  directories: readonly string[],
  post: (message: ToPage) => void,
): (message: ToPage) => void {
  const names = new Map<string, string>();
  const deleted = new Set<string>();
  return (message) => {
    post(message);
    if (message.type !== 'of') return;
    const { id, message: ofRun } = message;
    if (ofRun.type === 'state') {
      names.set(id, ofRun.state.name);
      deleted.delete(id);
    } else if (ofRun.type === 'deleted') {
      names.delete(id);
      deleted.add(id);
    } else return;
    // The title that it was opened with names all of them.
    const isComplete = names.size + deleted.size === directories.length;
    if (isComplete && names.size > 0) panel.title = clean(titleOf([...new Set(names.values())], names.size));
  };
}

/**
 * Beside the active editor; if that is the monitor of a run, in its column, not in ever narrower ones. A run of an
 * active comparison opens beside it.
 * @param panels by the key of their subject
 */
function besideExperiment(panels: ReadonlyMap<string, vscode.WebviewPanel>): vscode.ViewColumn {
  const [key, panel] = [...panels].find(([, { active }]) => active) ?? [];
  const ofRun = key !== undefined && (JSON.parse(key) as readonly string[]).length === 1;
  return (ofRun ? panel?.viewColumn : undefined) ?? vscode.ViewColumn.Beside;
}

/** The page may load the images of its runs. */
const panelOptions = ({ context }: Pick<PanelOptions, 'context'>, { directories }: Subject): vscode.WebviewOptions =>
  pageAccess(
    context,
    directories.flatMap((directory) => [runPaths(directory).samples, runPaths(directory).live]),
  );

/** What a message asks of the trainer; null if nothing. */
function requestOf(message: FromRunPage): RequestKind | null {
  if (message.type === 'control') return message.command;
  if (message.type === 'slowMotion') return 'slow-motion';
  return message.type === 'resumeRun' ? 'resumeRun' : null;
}

/** Handles a message and returns its result. A page may only refer to the runs of its own panel. */
function handleMessage(
  { actions }: PanelOptions,
  { directories }: Subject,
  message: Exclude<FromRunPage, { type: 'explore' }>,
): unknown {
  if (message.type === 'saveCsv') return actions.saveCsv(directories);
  if (message.type === 'openRun') return directories.includes(message.id) ? actions.openRun(message.id) : null;
  if (directories.length > 1) return null;
  return (actions[message.type] as (directory: string, message: Asked) => unknown)(directories[0], message);
}

export interface Subject {
  /** Absolute paths of run directories: one to watch, two or more to compare. */
  readonly directories: readonly string[];
}

/** More curves cannot be distinguished. */
const maxCompared = 32;

/** Independent of the order of the runs. */
export const subjectKey = ({ directories }: Subject): string => JSON.stringify([...directories].sort());

const isComparison = ({ directories }: Subject): boolean => directories.length > 1;

/**
 * The subject in the saved state of a page: `{ id }` of a run, `{ runs }` of a comparison. Undefined if it is neither.
 */
export function restoredSubject(state: unknown): Subject | undefined {
  const { id, runs } = (typeof state === 'object' && state !== null ? state : {}) as { id?: unknown; runs?: unknown };
  const directories = Array.isArray(runs) ? runs : [id];
  const distinct = [
    ...new Set(directories.filter((each): each is string => typeof each === 'string' && path.isAbsolute(each))),
  ];
  return distinct.length === directories.length && distinct.length <= maxCompared
    ? { directories: distinct }
    : undefined;
}
