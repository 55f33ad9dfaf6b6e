// The facts below the progress bar: how far the run is, how long it takes, how fast it goes and on what.
import type { MonitorStatus } from '../../src/protocol/monitor';
import { count, duration, pace, percent, round } from '../format';
import { t } from '../l10n';
import { isWorking, situationOf } from './situation';

/** A fact of the head: its kind, its text, and what it is. */
export type Fact = readonly [kind: string, text: string, title: string];

/** `now` is in Unix seconds; `paced` are the seconds that a step takes of late, null where that is not known. */
export function factsOf(shown: MonitorStatus, now: number, paced: number | null): Fact[] {
  const { status } = shown;
  if (status === null) return [['step', t('Waiting for the trainer'), '']];
  const { step, steps, startedAt, updatedAt, device, engine, threads, attempt } = status;
  const seconds = paced ?? status.medianStepSeconds;
  const situation = situationOf(shown);
  const working = isWorking(situation);
  const facts: Fact[] = [
    ['step', t('step {0} of {1}', count(step), count(steps)), t('Generator updates')],
    ['share', percent(steps === 0 ? 0 : step / steps, 0), t('Share of the steps')],
  ];
  const slow = status.slow ?? null;
  const atSpeed = situation === 'running' && slow === null;
  if (atSpeed && seconds !== null && step < steps)
    facts.push(['eta', t('{0} left', duration((steps - step) * seconds)), t('At the pace of the last 20 seconds')]);
  if (situation === 'running' && slow !== null)
    facts.push(['pace', t('slow motion'), t('{0} updates of a network a second', round(slow))]);
  if (atSpeed && seconds !== null)
    facts.push([
      'pace',
      pace(seconds),
      t('Generator updates a second over the last 20 seconds, with all that lies between them'),
    ]);
  const elapsed = (working ? now : updatedAt) - startedAt;
  const sinceWhen = attempt > 1 ? t('Since the start of attempt {0}', attempt) : t('Since its start');
  facts.push([
    'elapsed',
    working ? t('{0} elapsed', duration(elapsed)) : t('{0} in all', duration(elapsed)),
    sinceWhen,
  ]);
  const threaded = threads === null ? '' : threads === 1 ? t('1 thread') : t('{0} threads', threads);
  const machine = [device?.toUpperCase() ?? '', engine ?? '', threaded].filter((part) => part !== '').join(', ');
  if (machine !== '') facts.push(['machine', machine, t('Device, engine and threads')]);
  if (attempt > 1) facts.push(['attempt', t('attempt {0}', attempt), t('One more for each time it was gone on with')]);
  return facts;
}
