// Reads a run's histograms.jsonl incrementally for the monitor; invalid lines are skipped.
import { setImmediate } from 'node:timers/promises';
import { isStepSummary, type StepSummary } from '../../protocol/histograms';
import { type LinePosition, noPosition, readAppendedLines } from '../../run/appendedLines';

/** The steps read so far; the same object until there are more. */
export interface ReadHistograms {
  /** By increasing step, at most `maxSteps`. */
  readonly content: readonly StepSummary[];
  readonly position: LinePosition;
}

export const noHistograms: ReadHistograms = { content: [], position: noPosition };

/** More steps are thinned out: a slider has no more positions. */
export const maxSteps = 256;
/** At most this many bytes are read at once, from the end of the file. */
const maxBytes = 32 << 20;
/** A line has at most some hundred bytes for each of 512 layers. */
const maxLineLength = 1 << 20;

/** Reads the lines appended since `before`, or the whole file if it was replaced. */
export async function readHistograms(file: string, before: ReadHistograms): Promise<ReadHistograms> {
  const read = await readAppendedLines(file, before.position, maxBytes);
  if (read === null) return before;
  const steps: StepSummary[] = [];
  for (const [i, line] of read.lines.entries()) {
    steps.push(...stepIn(line));
    // A long file is parsed in parts, so that the editor stays responsive.
    if (i % 100 === 99) await setImmediate();
  }
  const content = thinned(rising([...(read.restarted ? [] : before.content), ...steps]));
  return { content, position: read.position };
}

/** Drops steps that a later line rewinds: after a resume they were trained again. */
function rising(steps: readonly StepSummary[]): readonly StepSummary[] {
  const kept: StepSummary[] = [];
  for (const next of steps) {
    while (kept.length > 0 && kept[kept.length - 1].step >= next.step) kept.pop();
    kept.push(next);
  }
  return kept;
}

const thinned = (steps: readonly StepSummary[]): readonly StepSummary[] =>
  steps.length <= maxSteps ? steps : thinned(steps.filter((_, i) => i % 2 === 0 || i === steps.length - 1));

function stepIn(line: string): StepSummary[] {
  if (line.length > maxLineLength) return [];
  try {
    const value: unknown = JSON.parse(line);
    return isStepSummary(value) ? [value as StepSummary] : [];
  } catch {
    return [];
  }
}
