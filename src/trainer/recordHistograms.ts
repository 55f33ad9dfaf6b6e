// Records histograms of weights and gradients at a sample step: by parameter for TensorBoard, by layer for the monitor.
import type { TensorboardWriter } from '../run/tensorboardEvents';
import { binValues, summarizeStep, type NamedValues } from '../run/histograms';
import type { StepSummary } from '../protocol/histograms';
import type { Appender } from '../files/append';
import { createProbeInputs } from './prefetch/stepInputs';
import type { Session } from './session';

export interface HistogramFiles {
  readonly tensorboard: Pick<TensorboardWriter, 'histograms'>;
  readonly histograms: Pick<Appender<StepSummary>, 'append'>;
}

/**
 * Returns a function that records and summarizes the weights at `step`, and the gradients of both losses on a separate
 * batch. Training is not affected: the probe has its own batch, random numbers and compiled step. If that step fails,
 * `warn` is called once and only weights are recorded.
 */
export function createHistogramRecorder(
  { experiment, data, state, gradientProbe, parameters }: Session,
  { tensorboard, histograms }: HistogramFiles,
  warn: (step: number, message: string) => void,
): (step: number) => Promise<StepSummary> {
  const probeInputs = createProbeInputs(experiment, data, gradientProbe.inputs);
  let canProbe = true;

  const gradientsAt = async (step: number): Promise<NamedValues> => {
    if (!canProbe) return {};
    try {
      return await gradientProbe.run(probeInputs(step), step);
    } catch (error) {
      canProbe = false;
      warn(step, `Gradient histograms are not available: ${error instanceof Error ? error.message : String(error)}`);
      return {};
    }
  };

  return async (step) => {
    const gradients = await gradientsAt(step);
    const values = await state.read();
    const weightValues = Object.entries(values).filter(([name]) => /^(generator|critic)\//.test(name));
    const tagged = [...binned('weights', Object.fromEntries(weightValues)), ...binned('gradients', gradients)];
    tensorboard.histograms(step, Date.now() / 1000, Object.fromEntries(tagged));
    const weights = Object.fromEntries(parameters.map((name) => [name, values[name]]));
    const summary = summarizeStep(step, weights, gradients);
    histograms.append(summary);
    return summary;
  };
}

const binned = (kind: string, values: NamedValues) =>
  Object.entries(values).flatMap(([name, numbers]) => {
    const histogram = binValues(numbers);
    return histogram ? [[`${kind}/${name}`, histogram] as const] : [];
  });
