// histograms.jsonl: a line for each sample step with the weights and gradients of every layer, for the monitor to follow.
import fs from 'node:fs';
import type { Appender } from '../files/append';
import {
  HISTOGRAM_PARTS,
  MOST_LAYERS,
  type LayerSummary,
  type StepSummary,
  type ValueSummary,
} from '../protocol/histograms';
import { runPaths } from './directory';
import { onDisk, openAppender, replaceFile } from './files';
import { histogramOf } from './histogram';

/** Values by the name of their variable: `critic/00.dense.kernel`. */
export type NamedValues = Readonly<Record<string, Float32Array>>;

/**
 * Weights, and gradients as far as there are any, in one summary a layer: its kernel and its bias, or whatever else it has,
 * are taken together. Parameters of a layer stand beside each other in `weights`.
 */
export function summaryOf(step: number, weights: NamedValues, gradients: NamedValues): StepSummary {
  const layers: { network: LayerSummary['network']; name: string; parameters: string[] }[] = [];
  for (const parameter of Object.keys(weights)) {
    const { network, name } = layerOf(parameter);
    const last = layers.at(-1);
    if (last?.network === network && last.name === name) last.parameters.push(parameter);
    else layers.push({ network, name, parameters: [parameter] });
  }
  const summarised = ({ network, name, parameters }: (typeof layers)[number]): LayerSummary => ({
    network,
    name: name.slice(0, 200),
    weights: valuesOf(parameters.map((parameter) => weights[parameter])),
    gradients: valuesOf(parameters.flatMap((parameter) => gradients[parameter] ?? [])),
  });
  return { step, layers: layers.slice(0, MOST_LAYERS).map(summarised) };
}

/** Opens histograms.jsonl to append to it. */
export function openHistograms(directory: string): Appender<StepSummary> {
  const lines = openAppender(runPaths(directory).histograms);
  return { append: (summary) => lines.append(`${JSON.stringify(summary)}\n`), close: lines.close };
}

/** Forgets the lines of later steps than `step`, and torn ones: a resume from there writes them again. */
export function rewindHistograms(directory: string, step: number): void {
  const file = runPaths(directory).histograms;
  onDisk('clear', file, () => {
    if (!fs.existsSync(file)) return;
    const kept = fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => stepOf(line) <= step);
    replaceFile(file, kept.map((line) => `${line}\n`).join(''), { sync: true });
  });
}

/** `critic/00.dense.kernel` is the kernel of the layer `dense` of the critic. */
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
  const histogram = histogramOf(all, HISTOGRAM_PARTS);
  if (histogram === null) return null;
  const { min, max, num, sum, sumSquares, counts } = histogram;
  const [least, greatest, mean, norm] = [min, max, sum / num, Math.sqrt(sumSquares)].map(rounded);
  return { min: least, max: greatest, mean, norm, counts, bad: all.length - num };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

function stepOf(line: string): number {
  try {
    const { step } = JSON.parse(line) as { step?: unknown };
    return typeof step === 'number' ? step : Infinity;
  } catch {
    return Infinity;
  }
}
