// Progress of a run and of a download as text, and the rate of steps.
import { formatBytes, significant } from '../shared/text';
import { duration, throughput } from './format';
import { toJson, type Output } from './output';

export interface Progress {
  readonly step: number;
  readonly steps: number;
  /** What the objective estimates, such as K·W. */
  readonly label: string;
  /** The estimate, a median over the last steps; null before the first step. */
  readonly estimate: number | null;
  /** Steps per second; 0 if not known yet. */
  readonly rate: number;
  /** Seconds to the end of the run; null if not known yet. */
  readonly secondsLeft: number | null;
}

/** The progress as a line of at most `columns` - 1 cells: a full line makes some terminals wrap. */
export function progressLine(progress: Progress, columns: number, unicode: boolean): string {
  const { step, steps, rate } = progress;
  const share = steps > 0 ? Math.min(1, step / steps) : 1;
  const counter = `${String(step).padStart(String(steps).length)}/${steps}`;
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const estimate = `${progress.label} ${estimateOf(progress)}`.padEnd(`${progress.label} -0.0000`.length);
  const speed = throughput(rate) || '- it/s';
  const eta = `ETA ${etaOf(progress)}`;
  const room = columns - 1;
  for (const parts of [
    [counter, percent, estimate, speed, eta],
    [counter, percent, estimate, eta],
    [counter, eta],
  ]) {
    const left = room - parts.join('  ').length - 2;
    if (left < 0) continue;
    const width = Math.min(left, 32);
    return (width >= 6 ? [counter, bar(share, width, unicode), ...parts.slice(1)] : parts).join('  ');
  }
  return counter.slice(0, Math.max(0, room));
}

/** The progress as a line of a log. */
export function progressSentence(progress: Progress): string {
  const { step, steps, rate } = progress;
  const percent = steps > 0 ? Math.floor((step / steps) * 100) : 100;
  const speed = throughput(rate);
  return `step ${step} of ${steps} (${percent}%), ${progress.label} ${estimateOf(progress)}${speed && `, ${speed}`}, ETA ${etaOf(progress)}`;
}

const estimateOf = ({ estimate }: Progress): string => (estimate === null ? '-' : significant(estimate));

const etaOf = ({ secondsLeft }: Progress): string => (secondsLeft === null ? '-' : duration(secondsLeft));

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number, width: number, unicode: boolean): string {
  if (!unicode) return `[${'#'.repeat(Math.floor(share * (width - 2))).padEnd(width - 2, '.')}]`;
  const filled = Math.floor(share * width * 8);
  const drawn = '█'.repeat(filled >> 3) + eighths[filled & 7];
  return drawn.padEnd(width, '░');
}

/** Shows the progress of a download. */
export interface DownloadProgress {
  progress(this: void, done: number, total: number): void;
  /** Removes the progress line and prints a last line with `text`, if given. */
  end(text?: string): void;
}

/** Milliseconds between redraws on a terminal, and between lines in a log. */
const interval = { terminal: 100, log: 5000 } as const;

/** @param json properties of each JSON object in addition to file and bytes; undefined for text */
export function createDownloadProgress(
  out: Output,
  name: string,
  json?: Readonly<Record<string, string>>,
  now = () => performance.now(),
): DownloadProgress {
  let lastShown = json ? -Infinity : now();
  let drawn = false;
  return {
    progress(done, total) {
      const redraws = out.terminal && !json;
      if (now() - lastShown < (redraws ? interval.terminal : interval.log) && done < total) return;
      lastShown = now();
      const share = `${Math.floor((100 * done) / total)}%`;
      if (json) out.line(toJson({ event: 'download', ...json, file: name, done, total }));
      else if (redraws) out.redraw(`  ${name}  ${share} of ${formatBytes(total)}`.slice(0, out.columns() - 1));
      else if (done < total) out.line(`  ${name}  ${share} of ${formatBytes(total)}`);
      drawn = redraws;
    },
    end(text) {
      if (drawn) out.redraw();
      if (text && !json) out.line(`  ${name}  ${text}`);
    },
  };
}

/** Measures steps per second over the last seconds of a run. */
export interface StepRate {
  /** Step number `step` ended `time` seconds after the attempt began. */
  observe(step: number, time: number): void;
  /** Steps per second over the window; 0 before the second step. */
  stepsPerSecond(): number;
}

/** @param seconds length of the window, which ends with the last step; longer if two steps take longer */
export function createStepRate(seconds = 20): StepRate {
  const spacing = seconds / 200;
  const marks: { step: number; time: number }[] = [];
  let last = { step: 0, time: 0 };
  return {
    observe(step, time) {
      const newest = marks.at(-1);
      if (newest && last.time - newest.time >= spacing) marks.push(last);
      if (!newest) marks.push({ step, time });
      last = { step, time };
      while (marks.length > 1 && marks[1].time <= time - seconds) marks.shift();
    },
    stepsPerSecond() {
      const first = marks[0];
      return first && last.time > first.time ? (last.step - first.step) / (last.time - first.time) : 0;
    },
  };
}
