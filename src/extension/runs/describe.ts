// Short descriptions of a run: for the tree, quick picks and the status bar.
import * as vscode from 'vscode';
import { type RunState, type RunStatus, secondsLeft } from '../../protocol/status';
import type { RunWord } from '../ids';
import { headline } from './headline';
import { isLive, type Run } from './readRuns';

/** The displayed state of a run: the one in its status, or one inferred from its process. */
export type ShownState = RunState | 'stalled' | 'dead' | 'damaged';

export function shownState({ status, liveness }: Pick<Run, 'status' | 'liveness'>): ShownState {
  if (status === null) return liveness === 'alive' ? 'starting' : 'damaged';
  return liveness === 'stalled' || liveness === 'dead' ? liveness : status.state;
}

/** Codicon and theme color of a state. */
export const stateIcons: Readonly<Record<ShownState, readonly [icon: string, color: string]>> = {
  starting: ['loading~spin', 'charts.blue'],
  running: ['pulse', 'charts.green'],
  paused: ['debug-pause', 'charts.yellow'],
  stopping: ['loading~spin', 'charts.yellow'],
  finished: ['pass', 'charts.green'],
  stopped: ['circle-slash', 'descriptionForeground'],
  interrupted: ['circle-slash', 'charts.yellow'],
  diverged: ['warning', 'charts.red'],
  failed: ['error', 'charts.red'],
  stalled: ['warning', 'charts.yellow'],
  dead: ['debug-disconnect', 'charts.red'],
  damaged: ['question', 'charts.red'],
};

/** The localized name of a state. */
export function stateName(state: ShownState): string {
  const names: Readonly<Record<ShownState, string>> = {
    starting: vscode.l10n.t('starting'),
    running: vscode.l10n.t('running'),
    paused: vscode.l10n.t('paused'),
    stopping: vscode.l10n.t('stopping'),
    finished: vscode.l10n.t('finished'),
    stopped: vscode.l10n.t('stopped'),
    interrupted: vscode.l10n.t('interrupted'),
    diverged: vscode.l10n.t('diverged'),
    failed: vscode.l10n.t('failed'),
    stalled: vscode.l10n.t('stalled'),
    dead: vscode.l10n.t('crashed'),
    damaged: vscode.l10n.t('damaged'),
  };
  return names[state];
}

/** `fork at 400`: the step of the checkpoint that a fork began with; '' for other runs. */
export const forkText = ({ parent }: Pick<Run, 'parent'>): string =>
  parent === null ? '' : vscode.l10n.t('fork at {0}', countText(parent.step));

/**
 * The name of a run where it stands alone: `ring (fork at 400)` for a fork, whose experiment has the name of its
 * parent's. A name that the user gave is kept.
 */
export function titleOf(run: Pick<Run, 'name' | 'experimentName' | 'parent'>): string {
  const fork = run.name === run.experimentName ? forkText(run) : '';
  return fork === '' ? run.name : `${run.name} (${fork})`;
}

/** `running 1,200/2,500 · W₁ 0.213`: state, steps and the number that says most. */
export function describe(run: Run): string {
  const state = stateName(shownState(run));
  if (run.status === null) return state;
  const number = headline(run);
  const last = number === '' ? '' : ` · ${number}`;
  return `${state} ${stepsText(run.status)}${last}`;
}

/** `1,200/2,500`. */
export const stepsText = ({ step, steps }: Pick<RunStatus, 'step' | 'steps'>): string =>
  `${countText(step)}/${countText(steps)}`;

/** The same for a screen reader: `running, step 1,200 of 2,500, W₁ 0.213`. */
export function describeAloud(run: Run): string {
  const { status } = run;
  const steps =
    status === null ? [] : [vscode.l10n.t('step {0} of {1}', countText(status.step), countText(status.steps))];
  const parts = [stateName(shownState(run)), ...steps, headline(run)];
  return parts.filter((part) => part !== '').join(', ');
}

/** A whole number with its thousands separated, in the language of VS Code. */
export const countText = (value: number): string => formats().number.format(value);

/** The remaining time of a running run, as `12 s`, `4 min`, `2 h 5 min`; '' if unknown. `now` is in Unix seconds. */
export function remaining({ status, liveness }: Pick<Run, 'status' | 'liveness'>, now = Date.now() / 1000): string {
  const seconds = status && liveness === 'alive' ? secondsLeft(status, now) : null;
  if (seconds === null) return '';
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The words of the context value, by which menus show the actions for a run. */
export function contextWords(run: Run): RunWord[] {
  if (!isLive(run)) return run.status?.state === 'finished' ? ['ended', 'finished'] : ['ended'];
  return run.status?.state === 'paused' ? ['live', 'paused'] : ['live'];
}

/** The start time of a run, from the name of its folder: `2024-01-09 08:07:06`; '' if it has none. */
export function startTime(directory: string): string {
  const match = /(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)[^\\/]*$/.exec(directory);
  if (match === null) return '';
  const [, year, month, day, hour, minute, second] = match;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** The same in short: the time if today, else `Nov 22` in the language of VS Code. */
export function shortStartTime(directory: string, now = new Date()): string {
  const at = new Date(startTime(directory).replace(' ', 'T'));
  if (Number.isNaN(at.getTime())) return '';
  if (at.toDateString() === now.toDateString()) return startTime(directory).slice(11, 16);
  return formats().date.format(at);
}

/** Made once: each takes longer than a row of the Runs view does without it. */
let made: { readonly language: string; readonly number: Intl.NumberFormat; readonly date: Intl.DateTimeFormat };

function formats(): typeof made {
  const { language } = vscode.env;
  if (made?.language !== language) {
    const date = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
    made = { language, number: new Intl.NumberFormat(language), date };
  }
  return made;
}
