// The pages of reproductions and of distances: opened by their commands, and restored after a reload.
import path from 'node:path';
import * as vscode from 'vscode';
import { studies, type StudyId } from '../../catalog';
import type { FromReproductionsPage, ToPage } from '../../protocol/monitor';
import { isFromReproductions } from '../../protocol/monitorChecks';
import { inside } from '../../run/diskAccess';
import { commandIds, distancesViewType, reproductionsViewType, type StudyViewType } from '../ids';
import { reportErrors, type Log } from '../log';
import { pageAccess, showPage } from '../monitor/pagePanel';
import { moveToTrash } from '../moveToTrash';
import { showProblem } from '../notifications';
import { confirm } from '../notify';
import { reveal } from '../reveal';
import { trusted } from '../trust';
import { errors } from '../userErrors';
import { wideColumn } from '../wideColumn';
import { feedReproductions, readProgress, studyFolder, trainingFolder } from './readReproductions';
import { runStudyProcess, stopStudy } from './studyProcess';

export interface StudyPageServices {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  /** Opens the monitor of a run. */
  readonly openMonitor: (directory: string, name: string) => void;
}

export interface StudyPages {
  open(viewType: StudyViewType): void;
  restore(viewType: StudyViewType, panel: vscode.WebviewPanel, state: unknown): void;
}

export function createStudyPages(services: StudyPageServices): StudyPages {
  const panels = new Map<StudyViewType, vscode.WebviewPanel>();
  const adopt = (viewType: StudyViewType, panel: vscode.WebviewPanel, root: string | undefined) => {
    panels.set(viewType, panel);
    panel.onDidDispose(() => panels.delete(viewType));
    if (viewType === distancesViewType) showDistances(services, panel);
    else if (root !== undefined) showReproductions(services, panel, root);
  };
  return {
    open(viewType) {
      const opened = panels.get(viewType);
      if (opened) return opened.reveal();
      const root = viewType === reproductionsViewType ? requireFolder() : undefined;
      adopt(viewType, vscode.window.createWebviewPanel(viewType, '', wideColumn()), root);
    },
    restore(viewType, panel, state) {
      const root = restoredFolder(state);
      const lost = viewType === reproductionsViewType && root === undefined;
      if (lost || panels.has(viewType)) panel.dispose();
      else adopt(viewType, panel, root);
    },
  };
}

function showDistances({ context, log }: StudyPageServices, panel: vscode.WebviewPanel): void {
  panel.webview.options = pageAccess(context, []);
  showPage(panel, {
    context,
    log,
    title: vscode.l10n.t('Distances'),
    handle: () => {},
    start(post) {
      post({ type: 'distances' });
      return Promise.resolve(undefined);
    },
  });
}

/** Studies whose processes this window has started, by workspace folder and id. */
const running = new Set<string>();
/** Why the last of them failed. */
const failures = new Map<string, string>();

function showReproductions(services: StudyPageServices, panel: vscode.WebviewPanel, root: string): void {
  const { context, log } = services;
  let post: (message: ToPage) => void = () => {};
  let isOpen = true;
  panel.onDidDispose(() => (isOpen = false));
  panel.webview.options = pageAccess(context, [inside(root, '.earthmover', 'reproductions')]);
  showPage(panel, {
    context,
    log,
    title: vscode.l10n.t('Reproductions'),
    handle(message) {
      if (!isFromReproductions(message) || !Object.hasOwn(studies, message.study)) return;
      const { study } = message;
      const work = () =>
        handle({ ...services, isShown: () => isOpen && panel.visible }, root, study as StudyId, message);
      // A request may have no effect: in Restricted Mode, or where no process can be started.
      void reportErrors(log, work).then(() => post({ type: 'studyAnswered', study }));
    },
    start(send, pictureUri) {
      post = send;
      const starting = (study: string) => running.has(keyOf(root, study));
      const lost = (study: string) => failures.get(keyOf(root, study)) ?? null;
      return Promise.resolve(feedReproductions({ root, starting, lost, post, pictureUri }));
    },
  });
}

const keyOf = (root: string, study: string): string => `${root}\0${study}`;

async function handle(services: Handling, root: string, study: StudyId, message: FromReproductionsPage): Promise<void> {
  const file = async (name: string) => vscode.Uri.file(path.join(await studyFolder(root, study), name));
  switch (message.type) {
    case 'runStudy':
      return start(services, root, study);
    case 'runStudyAgain':
      if (!running.has(keyOf(root, study)) && (await removeStudy(root, study))) await start(services, root, study);
      return;
    case 'stopStudy':
      return stopStudy(root, study);
    case 'openReport':
      return void (await vscode.commands.executeCommand('markdown.showPreview', await file('report.md')));
    case 'openFigure':
      return void (await vscode.commands.executeCommand('vscode.open', await file('figure.png')));
    case 'revealStudy':
      return reveal(await file('progress.json'));
    case 'openTraining': {
      const progress = await readProgress(await studyFolder(root, study));
      const training = progress?.trainings.find(({ run }) => run === message.run);
      if (training) services.openMonitor(await trainingFolder(root, study, training.run), training.name);
    }
  }
}

interface Handling extends StudyPageServices {
  /** Whether the page, which shows why a study failed until it is run again, can be seen. */
  readonly isShown: () => boolean;
}

async function start({ context, log, isShown }: Handling, root: string, study: StudyId): Promise<void> {
  const key = keyOf(root, study);
  if (running.has(key) || !trusted(vscode.l10n.t('reproduce a claim'))) return;
  running.add(key);
  failures.delete(key);
  const failure = await runStudyProcess(context, log, root, study).finally(() => running.delete(key));
  if (failure === null) return;
  const { message, logFile } = failure;
  failures.set(key, message);
  const text = vscode.l10n.t('Could not reproduce "{0}": {1}', studies[study].title, message);
  const open = () => vscode.commands.executeCommand(commandIds.reproduce);
  if (isShown()) log.error(text);
  else showProblem(log, text, logFile, [{ label: vscode.l10n.t('Open Reproductions'), accept: open }]);
}

/** Moves a study's folder to the trash, after a confirmation. Resolves to whether it was deleted. */
async function removeStudy(root: string, study: StudyId): Promise<boolean> {
  const folder = await studyFolder(root, study);
  const question = vscode.l10n.t('Run "{0}" again?', studies[study].title);
  const detail = `${folder}\n\n${vscode.l10n.t('Its trainings and its result are deleted first.')}`;
  return (await confirm(question, detail, vscode.l10n.t('Run Again'))) && moveToTrash([folder]);
}

/** The workspace folder whose reproductions are shown: that of the active editor, or the first. */
function requireFolder(): string {
  const active = vscode.window.activeTextEditor?.document.uri;
  const folder = (active && vscode.workspace.getWorkspaceFolder(active)) ?? vscode.workspace.workspaceFolders?.[0];
  if (folder?.uri.scheme !== 'file') throw errors.noFolder();
  return folder.uri.fsPath;
}

/** The workspace folder in the saved state of a page; undefined if it is not open any more. */
function restoredFolder(state: unknown): string | undefined {
  const { root } = (typeof state === 'object' && state !== null ? state : {}) as { root?: unknown };
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === root)?.uri.fsPath;
}
