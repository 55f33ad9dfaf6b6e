// Shows a run on a terminal, as a line that is redrawn, or in a log, as a line every few seconds.
import { type Listener, type TrainerEvent } from '../trainer/trainerEvents';
import { type Output, supportsUnicode } from './output';
import { type Progress, progressLine, progressSentence, createStepRate } from './progress';
import { runHeading, type RunSubject, runSummary, type AttemptFacts } from './summary';
import { clean } from '../shared/text';
import { maxRecentCount, recentMedian } from '../math/recentMedian';

/** Milliseconds between redraws on a terminal, and between lines in a log. */
const interval = { terminal: 100, log: 5000 } as const;

/**
 * A listener that prints text. On a terminal, everything except the progress line is printed above it.
 * @param now a monotonic clock in milliseconds
 */
export function createReporter(
  out: Output,
  { estimate: label = 'estimate', modes }: RunSubject,
  now = () => performance.now(),
): Listener {
  const rate = createStepRate();
  const unicode = supportsUnicode();
  let progress: Progress = { step: 0, steps: 0, label, estimate: null, rate: 0, secondsLeft: null };
  /** The estimates of the last steps of this attempt. */
  let recent: number[] = [];
  let attempt: AttemptFacts = { steps: 0, seconds: 0, modes };
  let drawn = -Infinity;
  let shown = false;

  const erase = () => {
    if (shown) out.redraw();
    shown = false;
  };
  const draw = () => {
    drawn = now();
    if (out.terminal) out.redraw(progressLine(progress, out.columns(), unicode));
    else out.line(progressSentence(progress));
    shown = out.terminal;
  };
  const printAbove = (text: string) => {
    erase();
    out.line(text);
    if (out.terminal && progress.steps > 0) draw();
  };

  const on: { [K in TrainerEvent['event']]: (event: Extract<TrainerEvent, { event: K }>) => void } = {
    start(event) {
      out.line(runHeading(event, out.style));
      progress = { ...progress, step: event.from, steps: event.steps };
      if (out.terminal) draw();
      else drawn = now();
    },
    step({ step, wallTime, values, secondsLeft = null }) {
      rate.observe(step, wallTime);
      attempt = { ...attempt, steps: attempt.steps + 1, seconds: wallTime };
      recent.push(values.estimate ?? NaN);
      if (recent.length > 2 * maxRecentCount) recent = recent.slice(-maxRecentCount);
      progress = { ...progress, step, secondsLeft };
      if (now() - drawn < (out.terminal ? interval.terminal : interval.log)) return;
      const estimate = recentMedian(step, recent);
      progress = { ...progress, estimate: Number.isNaN(estimate) ? null : estimate, rate: rate.stepsPerSecond() };
      draw();
    },
    metrics() {},
    sample({ file }) {
      attempt = { ...attempt, sampleGrid: file };
    },
    checkpoint() {},
    notice({ level, message, step = 0 }) {
      attempt = { ...attempt, notice: message };
      const color = { info: out.style.dim, warning: out.style.yellow, error: out.style.red }[level];
      const when = level === 'warning' && step > 0 ? `step ${step}: ` : '';
      printAbove(`${color(level)}  ${when}${clean(message)}`);
    },
    end(event) {
      erase();
      out.line(runSummary(event, attempt, out.style));
    },
  };
  return <E extends TrainerEvent>(event: E) => (on[event.event] as (event: E) => void)(event);
}
