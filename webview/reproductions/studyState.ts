// How the state of a study is shown: its badge, its progress in words, and what can be done.
import type { Reproduction } from '../../src/protocol/reproductions';
import { formatCount, round } from '../format';
import { t } from '../l10n';

export interface StudyDisplay {
  readonly label: string;
  readonly tone: 'neutral' | 'busy' | 'good' | 'warning' | 'bad';
  readonly action: 'run' | 'continue' | 'again' | 'stop' | null;
}

export const isWorking = ({ state }: Pick<Reproduction, 'state'>): boolean =>
  state === 'starting' || state === 'training' || state === 'drawing';

export function displayOf({ state, result }: Pick<Reproduction, 'state' | 'result'>): StudyDisplay {
  switch (state) {
    case 'new':
      return { label: t('Not run'), tone: 'neutral', action: 'run' };
    case 'starting':
      return { label: t('Starting'), tone: 'busy', action: null };
    case 'training':
      return { label: t('Running'), tone: 'busy', action: 'stop' };
    case 'drawing':
      return { label: t('Drawing the figure'), tone: 'busy', action: null };
    case 'interrupted':
      return { label: t('Interrupted'), tone: 'warning', action: 'continue' };
    case 'crashed':
      return { label: t('Crashed'), tone: 'bad', action: 'continue' };
    case 'failed':
      return { label: t('Failed'), tone: 'bad', action: 'continue' };
    case 'finished':
      if (result === null) return { label: t('No result'), tone: 'bad', action: 'run' };
      return result.holds
        ? { label: t('Holds here'), tone: 'good', action: 'again' }
        : { label: t('Does not hold here'), tone: 'warning', action: 'again' };
  }
}

/** Such as "Training 3 of 14: W at 0.5, seed 1 · step 120 of 300"; '' if nothing has been trained. */
export function progressText({ state, done, trainings, step, steps }: Reproduction): string {
  const total = trainings.length;
  if (total === 0 || state === 'new' || state === 'finished' || state === 'starting') return '';
  if (state !== 'training') return t('{0} of {1} trainings are done.', formatCount(done), formatCount(total));
  const current = trainings.at(done);
  const training =
    current === undefined
      ? ''
      : t(
          'Training {0} of {1}: {2}, seed {3}',
          formatCount(done + 1),
          formatCount(total),
          current.name,
          formatCount(current.seed),
        );
  const position = steps === 0 ? '' : t('step {0} of {1}', formatCount(step), formatCount(steps));
  return [training, position].filter((part) => part !== '').join(' · ');
}

/** Of all trainings, in [0, 1]. */
export function shareDone({ done, trainings, step, steps }: Reproduction): number {
  const current = steps === 0 ? 0 : Math.min(1, step / steps);
  return trainings.length === 0 ? 0 : Math.min(1, (done + current) / trainings.length);
}

/** The time that a study takes. */
export const timeText = (minutes: number): string =>
  minutes < 1 ? t('a few seconds on two cores') : t('about {0} min on two cores', round(minutes));
