// Shows how a sweep proceeds: a line for each trial that ends, and on a terminal the number of those that have.
import { clean, significant } from '../../shared/text';
import { secondsOf } from '../../protocol/status';
import type { Sweep } from '../../sweep/sweepDirectory';
import type { SweepEvent } from '../../sweep/runner';
import { isResult, stateTexts } from '../../sweep/trialState';
import type { Context } from '../command';
import { duration } from '../format';
import { toJson } from '../output';
import { settingText, statesOf } from './describeSweep';

/** A listener that prints text, or with `json` each event. */
export function createSweepReporter({ out, err }: Context, sweep: Sweep, json: boolean): (event: SweepEvent) => void {
  if (json) return (event) => out.line(toJson(event));
  const total = sweep.trials.length;
  const width = String(total).length;
  const metric = sweep.file.result?.metric;
  const before = statesOf(sweep);
  // A trial that ended before may be trained again, and ends once more.
  const ended = new Set(sweep.trials.flatMap(({ trial }, k) => (isResult(before[k].state) ? [trial] : [])));
  const running = new Set<number>();
  const draw = (): void => {
    if (out.terminal) out.redraw(running.size > 0 ? `${ended.size}/${total} ended, ${running.size} running` : '');
  };
  const print = (line: string): void => {
    if (out.terminal) out.redraw();
    out.line(line);
    draw();
  };
  return (event) => {
    switch (event.event) {
      case 'trial-start':
        running.add(event.trial);
        ended.delete(event.trial);
        return draw();
      case 'trial-end': {
        running.delete(event.trial);
        const { state, status, message } = event.status;
        if (isResult(state)) ended.add(event.trial);
        const value = metric === undefined ? undefined : status?.metrics[metric];
        const facts = [
          stateTexts[state],
          ...(metric !== undefined && typeof value === 'number' ? [`${metric} ${significant(value)}`] : []),
          ...(status ? [duration(secondsOf(status))] : []),
          ...(state === 'failed' && message ? [clean(message)] : []),
        ];
        const number = `${String(ended.size).padStart(width)}/${total}`;
        return print(
          `${number}  trial ${event.trial}  ${clean(settingText(sweep.trials[event.trial - 1]))}: ${facts.join(', ')}`,
        );
      }
      case 'submitted':
        return print(`Submitted ${event.trials} trials as job ${event.job}.`);
      case 'notice':
        if (out.terminal) out.redraw();
        err.line(clean(event.message));
    }
  };
}
