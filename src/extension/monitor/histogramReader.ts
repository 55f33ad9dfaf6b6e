// Reads a run's histograms.jsonl incrementally for the monitor; invalid lines are skipped.
import { open, stat } from 'node:fs/promises';
import { isStepSummary, type StepSummary } from '../../protocol/histograms';
import { errno } from '../../files/errno';

/** The steps read so far; the same object until there are more. */
export interface ReadHistograms {
  /** By increasing step, at most `maxSteps`. */
  readonly content: readonly StepSummary[];
  /** The identity of the file, and the offset read up to. */
  readonly file: string;
  readonly end: number;
}

export const noHistograms: ReadHistograms = { content: [], file: '', end: 0 };

/** More steps are thinned out: a slider has no more positions. */
export const maxSteps = 256;
/** At most this many bytes are read at once, from the end of the file. */
const maxBytes = 32 << 20;

/** Reads the lines appended since `before`, or the whole file if it was replaced. */
export async function readHistograms(file: string, before: ReadHistograms): Promise<ReadHistograms> {
  const found = await stat(file).catch((error: unknown) => {
    if (errno(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return before.content.length === 0 ? before : noHistograms;
  const name = `${found.dev}-${found.ino}-${found.birthtimeMs}`;
  const goesOn = name === before.file && found.size >= before.end;
  if (goesOn && found.size === before.end) return before;
  const from = Math.max(goesOn ? before.end : 0, found.size - maxBytes);
  const bytes = await bytesOf(file, from, found.size);
  // An incomplete last line is read again later; a partial first line is not valid JSON and is skipped.
  const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
  const steps = whole.toString('utf8').split('\n').flatMap(stepIn);
  const content = thinned(rising([...(goesOn ? before.content : []), ...steps]));
  return { content, file: name, end: from + whole.length };
}

/** The change from `before` to `now`: the index at which the list changed, and the steps from there. */
export function changeOf(
  before: readonly StepSummary[],
  now: readonly StepSummary[],
): { readonly from: number; readonly histograms: readonly StepSummary[] } {
  const differs = now.findIndex((step, i) => step !== before[i]);
  const from = differs === -1 ? now.length : differs;
  return { from, histograms: now.slice(from) };
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
  try {
    const value: unknown = JSON.parse(line);
    return isStepSummary(value) ? [value as StepSummary] : [];
  } catch {
    return [];
  }
}

async function bytesOf(file: string, from: number, to: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
