// Follows a run's histograms.jsonl for the monitor: reads on where it stopped, believes no line that is not as it must be.
import { open, stat } from 'node:fs/promises';
import { isStepSummary, type StepSummary } from '../../protocol/histograms';
import { errno } from '../../files/errno';

/** What was read so far; the same object until there is more. */
export interface ReadHistograms {
  /** By rising step, at most `mostSteps` of them. */
  readonly content: readonly StepSummary[];
  /** The file that it was read from, and the byte up to which. */
  readonly file: string;
  readonly end: number;
}

export const noHistograms: ReadHistograms = { content: [], file: '', end: 0 };

/** More steps than that are thinned out: a slider has no more places. */
export const maxSteps = 256;
/** Read at a time; of a longer file the end. */
const maxBytes = 32 << 20;

/** Reads what was appended since `before`, or all of another file that has taken its place. */
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
  // A line that is not whole yet is read again when it is; one that was not begun here is no line.
  const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
  const steps = whole.toString('utf8').split('\n').flatMap(stepIn);
  const content = thinned(rising([...(goesOn ? before.content : []), ...steps]));
  return { content, file: name, end: from + whole.length };
}

/** What the page has to be told when it knows `before`: where its list goes on, and with what. */
export function changeOf(
  before: readonly StepSummary[],
  now: readonly StepSummary[],
): { readonly from: number; readonly histograms: readonly StepSummary[] } {
  const differs = now.findIndex((step, i) => step !== before[i]);
  const from = differs === -1 ? now.length : differs;
  return { from, histograms: now.slice(from) };
}

/** A step that is recorded again, and whatever stands before that and is later, was trained again: the last line counts. */
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
