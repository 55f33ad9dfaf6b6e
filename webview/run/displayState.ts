// The state of a run as shown to the user: its recorded state combined with the liveness of its process, and the
// available actions.
import type { ManualStep, SimpleCommandKind } from '../../src/protocol/control';
import type { MonitorStatus } from '../../src/protocol/monitor';
import { hasEnded, type RunState } from '../../src/protocol/status';
import { t } from '../l10n';

export type DisplayState = RunState | 'stalled' | 'dead';

/** The action of a header button. */
export type Action = Exclude<SimpleCommandKind, ManualStep> | 'resumeRun';

export interface StateDisplay {
  readonly label: string;
  /** Selects the color of the badge. */
  readonly tone: 'busy' | 'neutral' | 'good' | 'warning' | 'bad';
  /** An explanation; '' if the label is enough. */
  readonly description: string;
  readonly actions: readonly Action[];
}

export function displayStateOf({ status, liveness }: MonitorStatus): DisplayState {
  if (status === null) return liveness === 'dead' ? 'dead' : 'starting';
  if (liveness === 'dead') return 'dead';
  return liveness === 'stalled' ? 'stalled' : status.state;
}

/** Whether a process is, or may be, working on the run. */
export const isActive = (state: DisplayState): boolean => state !== 'dead' && (state === 'stalled' || !hasEnded(state));

const activeActions: readonly Action[] = ['pause', 'stop', 'checkpoint', 'sample'];

export const stateDisplays: { readonly [S in DisplayState]: StateDisplay } = {
  starting: {
    label: t('Starting'),
    tone: 'neutral',
    description: t('Reading the data and compiling the networks.'),
    actions: ['stop'],
  },
  running: { label: t('Running'), tone: 'busy', description: '', actions: activeActions },
  paused: {
    label: t('Paused'),
    tone: 'neutral',
    description: '',
    actions: ['resume', 'stop', 'checkpoint', 'sample'],
  },
  stopping: {
    label: t('Stopping'),
    tone: 'neutral',
    description: t('Saving a checkpoint to resume from.'),
    actions: activeActions,
  },
  stalled: {
    label: t('Stalled'),
    tone: 'warning',
    description: t(
      'The trainer process is running but has not completed a step for much longer than usual. ' +
        'The machine may be busy or asleep; see the log for details.',
    ),
    actions: activeActions,
  },
  finished: { label: t('Finished'), tone: 'good', description: '', actions: [] },
  stopped: {
    label: t('Stopped'),
    tone: 'neutral',
    description: t('The state is saved; you can resume at any time.'),
    actions: ['resumeRun'],
  },
  interrupted: {
    label: t('Interrupted'),
    tone: 'warning',
    description: t(
      'The process was interrupted by Ctrl+C or a signal. The state is saved; you can resume at any time.',
    ),
    actions: ['resumeRun'],
  },
  diverged: { label: t('Diverged'), tone: 'bad', description: '', actions: [] },
  failed: { label: t('Failed'), tone: 'bad', description: '', actions: ['resumeRun'] },
  dead: {
    label: t('Crashed'),
    tone: 'bad',
    description: t(
      'The trainer process exited unexpectedly; it may have been killed or run out of memory. ' +
        'Resume from the last checkpoint; see the log for details.',
    ),
    actions: ['resumeRun'],
  },
};
