// Weight and gradient histograms: binning, one summary per layer, and histograms.jsonl with a line per sample step.
import type { Appender } from '../files/append';
import {
  HISTOGRAM_BINS,
  MAX_LAYERS,
  type LayerSummary,
  type StepSummary,
  type ValueSummary,
} from '../protocol/histograms';
import { runPaths } from './directory';
import { openAppender } from './diskAccess';
import { keepLines } from './keepLines';
import type { Histogram } from './tensorboardMessages';

/** Values by variable name, such as `critic/00.dense.kernel`. */
export type NamedValues = Readonly<Record<string, Float32Array>>;

/**
 * Summarizes weights, and gradients if there are any, by layer; all parameters of a layer are taken together.
 * Parameters of the same layer must be adjacent in `weights`.
 */
export function summarizeStep(step: number, weights: NamedValues, gradients: NamedValues): StepSummary {
  const layers: { network: LayerSummary['network']; name: string; parameters: string[] }[] = [];
  for (const parameter of Object.keys(weights)) {
    const { network, name } = layerOf(parameter);
    const last = layers.at(-1);
    if (last?.network === network && last.name === name) last.parameters.push(parameter);
    else layers.push({ network, name, parameters: [parameter] });
  }
  const summarize = ({ network, name, parameters }: (typeof layers)[number]): LayerSummary => ({
    network,
    name: name.slice(0, 200),
    weights: valuesOf(parameters.map((parameter) => weights[parameter])),
    gradients: valuesOf(parameters.flatMap((parameter) => gradients[parameter] ?? [])),
  });
  return { step, layers: layers.slice(0, MAX_LAYERS).map(summarize) };
}

/** Opens histograms.jsonl to append to it. */
export function openHistograms(directory: string): Appender<StepSummary> {
  const lines = openAppender(runPaths(directory).histograms);
  return { append: (summary) => lines.append(`${JSON.stringify(summary)}\n`), close: lines.close };
}

/** Removes torn lines and those of steps after `step`: a resume from there writes them again. */
export const rewindHistograms = (directory: string, step: number): void =>
  keepLines(runPaths(directory).histograms, (line) => stepOf(line) <= step);

/** The layer of a parameter: `critic/00.dense.kernel` belongs to the layer `dense` of the critic. */
function layerOf(parameter: string): Pick<LayerSummary, 'network' | 'name'> {
  const [, network, name] = /^(generator|critic)\/\d+\.(.*)\.[^.]*$/s.exec(parameter) ?? [];
  if (network === undefined) throw new Error(`assertion failed: ${parameter} is no parameter of a network`);
  return { network: network as LayerSummary['network'], name };
}

function valuesOf(parts: readonly Float32Array[]): ValueSummary | null {
  const all = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  const histogram = binValues(all, HISTOGRAM_BINS);
  if (histogram === null) return null;
  const { min, max, num, sum, sumSquares, counts } = histogram;
  const [least, greatest, mean, norm] = [min, max, sum / num, Math.sqrt(sumSquares)].map(rounded);
  return { min: least, max: greatest, mean, norm, counts, bad: all.length - num };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** The step of a line, which begins with it, without parsing the rest; Infinity if the line is torn. */
function stepOf(line: Buffer): number {
  const [, step] = /^\{"step":(\d+),/.exec(line.toString('latin1', 0, 32)) ?? [];
  return step === undefined || line.at(-1) !== '}'.charCodeAt(0) ? Infinity : Number(step);
}

/**
 * The histogram of `values` in `buckets` of equal width between the minimum and the maximum. Values that are not finite
 * are ignored, also in `num`; null if there is no finite value.
 */
export function binValues(values: ArrayLike<number>, buckets = 30): Histogram | null {
  let [min, max, num, sum, sumSquares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const x = values[i];
    if (!Number.isFinite(x)) continue;
    if (x < min) min = x;
    if (x > max) max = x;
    num++;
    sum += x;
    sumSquares += x * x;
  }
  if (num === 0) return null;
  // Equal values get a single bucket.
  if (min === max) return { min, max, num, sum, sumSquares, limits: [max], counts: [num] };
  const width = (max - min) / buckets;
  const counts = new Array<number>(buckets).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    counts[Math.min(buckets - 1, Math.floor((values[i] - min) / width))]++;
  }
  const limits = counts.map((_, i) => (i === buckets - 1 ? max : min + (i + 1) * width));
  return { min, max, num, sum, sumSquares, limits, counts };
}
