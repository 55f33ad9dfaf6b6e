// The facts below the progress bar: how far the run is, how long it takes, how fast it goes and on what.
import type { MonitorStatus } from '../../src/protocol/monitor';
import { count, duration, pace, percent } from '../format';
import { isWorking, situationOf } from './situation';

/** A fact of the head: its kind, its text, and what it is. */
export type Fact = readonly [kind: string, text: string, title: string];

/** `now` is in Unix seconds; `paced` are the seconds that a step takes of late, null where that is not known. */
export function factsOf(shown: MonitorStatus, now: number, paced: number | null): Fact[] {
  const { status } = shown;
  if (status === null) return [['step', 'Waiting for the trainer', '']];
  const { step, steps, startedAt, updatedAt, device, engine, threads, attempt } = status;
  const seconds = paced ?? status.medianStepSeconds;
  const situation = situationOf(shown);
  const working = isWorking(situation);
  const facts: Fact[] = [
    ['step', `step ${count(step)} of ${count(steps)}`, 'Generator updates'],
    ['share', percent(steps === 0 ? 0 : step / steps, 0), 'Share of the steps'],
  ];
  if (situation === 'running' && seconds !== null && step < steps)
    facts.push(['eta', `${duration((steps - step) * seconds)} left`, 'At the pace of the last 20 seconds']);
  if (working && seconds !== null)
    facts.push([
      'pace',
      pace(seconds),
      'Generator updates a second over the last 20 seconds, with all that lies between them',
    ]);
  const elapsed = (working ? now : updatedAt) - startedAt;
  facts.push(['elapsed', `${duration(elapsed)} ${working ? 'elapsed' : 'in all'}`, attempt > 1 ? `Since the start of attempt ${attempt}` : 'Since its start']); // prettier-ignore
  const threaded = threads === null ? '' : `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const machine = [device?.toUpperCase() ?? '', engine ?? '', threaded].filter((part) => part !== '').join(', ');
  if (machine !== '') facts.push(['machine', machine, 'Device, engine and threads']);
  if (attempt > 1) facts.push(['attempt', `attempt ${attempt}`, 'One more for each time it was gone on with']);
  return facts;
}
