// What the terminal shows of a run while it goes: a line that is redrawn, or lines in a log, or JSON.
import { type Listener, type TrainerEvent } from '../trainer/trainerEvents';
import { type Output, supportsUnicode } from './output';
import { type Progress, progressLine, progressSentence, createStepRate } from './progress';
import { runHeading, runSummary, type AttemptFacts } from './summary';
import { clean } from './format';

/** How often, in milliseconds, a terminal line is redrawn, and how often a log gets a line. */
const every = { terminal: 100, log: 5000 } as const;

/**
 * For people. On a terminal one line is redrawn and everything else is printed above it.
 * @param modes how many the data have, where they are a mixture
 * @param now milliseconds of a clock that does not jump
 */
export function createReporter(out: Output, modes?: number, now = () => performance.now()): Listener {
  const rate = createStepRate();
  const unicode = supportsUnicode();
  let progress: Progress = { step: 0, steps: 0, estimate: null, rate: 0 };
  let trained: AttemptFacts = { steps: 0, seconds: 0, modes };
  let drawn = -Infinity;
  let shown = false;

  const erase = () => {
    if (shown) out.write('\r\x1b[K');
    shown = false;
  };
  const draw = () => {
    drawn = now();
    if (out.terminal) out.write(`\r${progressLine(progress, out.columns(), unicode)}\x1b[K`);
    else out.line(progressSentence(progress));
    shown = out.terminal;
  };
  const above = (text: string) => {
    erase();
    out.line(text);
    if (out.terminal && progress.steps > 0) draw();
  };

  const on: { [K in TrainerEvent['event']]: (event: Extract<TrainerEvent, { event: K }>) => void } = {
    start(event) {
      out.line(runHeading(event, out.style));
      progress = { step: event.from, steps: event.steps, estimate: null, rate: 0 };
      if (out.terminal) draw();
      else drawn = now();
    },
    step({ step, wallTime, values }) {
      rate.observe(step, wallTime);
      trained = { ...trained, steps: trained.steps + 1, seconds: wallTime };
      progress = { ...progress, step, estimate: values.estimate ?? null };
      if (now() - drawn < (out.terminal ? every.terminal : every.log)) return;
      progress = { ...progress, rate: rate.stepsPerSecond() };
      draw();
    },
    sample({ file }) {
      trained = { ...trained, picture: file };
    },
    checkpoint() {},
    notice({ level, message }) {
      trained = { ...trained, note: message };
      const colour = { info: out.style.dim, warning: out.style.yellow, error: out.style.red }[level];
      above(`${colour(level === 'info' ? 'note' : level)}  ${clean(message)}`);
    },
    end(event) {
      erase();
      out.line(runSummary(event, trained, out.style));
    },
  };
  return <E extends TrainerEvent>(event: E) => (on[event.event] as (event: E) => void)(event);
}
