// The progress line as a pure function: what fits the width, the most telling parts first.
import { duration, significant, throughput } from './text';

export interface Progress {
  readonly step: number;
  readonly steps: number;
  /** The raw estimate of the last step; null before there is one. */
  readonly estimate: number | null;
  /** Steps a second; 0 where it is not known yet. */
  readonly rate: number;
}

/** One line of at most `columns` - 1 cells: a full line would move some terminals to the next. */
export function progressLine(progress: Progress, columns: number, unicode: boolean): string {
  const { step, steps, rate } = progress;
  const share = steps > 0 ? Math.min(1, step / steps) : 1;
  const counter = `${String(step).padStart(String(steps).length)}/${steps}`;
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const estimate = `estimate ${estimateOf(progress)}`.padEnd('estimate -0.0000'.length);
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

/** The same for a log that cannot be redrawn: a sentence. */
export function progressSentence(progress: Progress): string {
  const { step, steps, rate } = progress;
  const percent = steps > 0 ? Math.floor((step / steps) * 100) : 100;
  const speed = throughput(rate);
  return `step ${step} of ${steps} (${percent} %), estimate ${estimateOf(progress)}${speed && `, ${speed}`}, ETA ${etaOf(progress)}`;
}

const estimateOf = ({ estimate }: Progress): string => (estimate === null ? '-' : significant(estimate));

function etaOf({ step, steps, rate }: Progress): string {
  return rate > 0 ? duration((steps - step) / rate) : '-';
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number, width: number, unicode: boolean): string {
  if (!unicode) return `[${'#'.repeat(Math.floor(share * (width - 2))).padEnd(width - 2, '.')}]`;
  const filled = Math.floor(share * width * 8);
  const drawn = '█'.repeat(filled >> 3) + eighths[filled & 7];
  return drawn.padEnd(width, '░');
}
