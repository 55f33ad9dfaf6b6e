// How a run is doing, as people call it: its state and what is known of its process in one word, and what can be done about it.
import type { ManualStep, SimpleCommandKind } from '../../src/protocol/control';
import type { MonitorStatus } from '../../src/protocol/monitor';
import { hasEnded, type RunState } from '../../src/protocol/status';
import { t } from '../l10n';

export type DisplayState = RunState | 'stalled' | 'dead';

/** What a button of the head asks for. */
export type Action = Exclude<SimpleCommandKind, ManualStep> | 'resumeRun';

export interface StateDisplay {
  readonly label: string;
  /** What its colour says; the label says the same in words. */
  readonly tone: 'busy' | 'calm' | 'good' | 'warning' | 'bad';
  /** What it means, where the label does not say it all. */
  readonly description: string;
  readonly actions: readonly Action[];
}

export function displayStateOf({ status, liveness }: MonitorStatus): DisplayState {
  if (status === null) return liveness === 'dead' ? 'dead' : 'starting';
  if (liveness === 'dead') return 'dead';
  return liveness === 'stalled' ? 'stalled' : status.state;
}

/** True while a process is, or may be, at work: its time runs. */
export const isActive = (situation: DisplayState): boolean =>
  situation !== 'dead' && (situation === 'stalled' || !hasEnded(situation));

const activeActions: readonly Action[] = ['pause', 'stop', 'checkpoint', 'sample'];

export const stateDisplays: { readonly [S in DisplayState]: StateDisplay } = {
  starting: {
    label: t('Starting'),
    tone: 'calm',
    description: t('Reading the data and compiling the networks.'),
    actions: ['stop'],
  },
  running: { label: t('Running'), tone: 'busy', description: '', actions: activeActions },
  paused: {
    label: t('Paused'),
    tone: 'calm',
    description: t('Resume it to go on.'),
    actions: ['resume', 'stop', 'checkpoint', 'sample'],
  },
  stopping: {
    label: t('Stopping'),
    tone: 'calm',
    description: t('Saving the state, to resume from.'),
    actions: activeActions,
  },
  stalled: {
    label: t('Stalled'),
    tone: 'warning',
    description: t(
      'The trainer is there but has made no step for far longer than one takes. The machine may be busy or asleep; the log may say more.',
    ),
    actions: activeActions,
  },
  finished: { label: t('Finished'), tone: 'good', description: '', actions: [] },
  stopped: {
    label: t('Stopped'),
    tone: 'calm',
    description: t('Its state is saved: it can be gone on with at any time.'),
    actions: ['resumeRun'],
  },
  interrupted: {
    label: t('Interrupted'),
    tone: 'warning',
    description: t(
      'Its process was told to end, by Ctrl-C or by the system. Its state is saved: it can be gone on with at any time.',
    ),
    actions: ['resumeRun'],
  },
  diverged: { label: t('Diverged'), tone: 'bad', description: '', actions: [] },
  failed: { label: t('Failed'), tone: 'bad', description: '', actions: ['resumeRun'] },
  dead: {
    label: t('Dead'),
    tone: 'bad',
    description: t(
      'The trainer ended without saying why: it was killed, or the machine went down. Go on from its last checkpoint; the log may say more.',
    ),
    actions: ['resumeRun'],
  },
};
