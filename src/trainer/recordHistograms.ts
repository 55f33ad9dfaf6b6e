// What is told of a run's weights and gradients at a sample step: to TensorBoard by parameter, to the monitor by layer.
import type { TensorboardWriter } from '../run/tensorboardEvents';
import { binValues, summarizeStep, type NamedValues } from '../run/histograms';
import type { StepSummary } from '../protocol/histograms';
import type { Appender } from '../files/append';
import { createProbeInputs } from './prefetch/stepInputs';
import type { Session } from './session';

export interface HistogramFiles {
  readonly events: Pick<TensorboardWriter, 'histograms'>;
  readonly histograms: Pick<Appender<StepSummary>, 'append'>;
}

/**
 * Makes the function that records the weights as they are at `step`, and the gradients that the next updates would follow on
 * a batch of their own. Training is not touched: the batch, its random numbers and the step that takes the gradients are
 * apart from it. Where that step cannot be had, `tell` hears why, once, and weights are recorded alone.
 */
export function createHistogramRecorder(
  { experiment, data, state, gradientProbe, parameters }: Session,
  { events, histograms }: HistogramFiles,
  tell: (step: number, message: string) => void,
): (step: number) => Promise<void> {
  const feed = createProbeInputs(experiment, data, gradientProbe.inputs);
  let able = true;

  const gradientsAt = async (step: number): Promise<NamedValues> => {
    if (!able) return {};
    try {
      return await gradientProbe.run(feed(step), step);
    } catch (error) {
      able = false;
      tell(step, `Histograms are without gradients: ${error instanceof Error ? error.message : String(error)}`);
      return {};
    }
  };

  return async (step) => {
    const gradients = await gradientsAt(step);
    const values = await state.read();
    const kept = Object.entries(values).filter(([name]) => /^(generator|critic)\//.test(name));
    const tagged = [...drawn('weights', Object.fromEntries(kept)), ...drawn('gradients', gradients)];
    events.histograms(step, Date.now() / 1000, Object.fromEntries(tagged));
    const weights = Object.fromEntries(parameters.map((name) => [name, values[name]]));
    histograms.append(summarizeStep(step, weights, gradients));
  };
}

const drawn = (kind: string, values: NamedValues) =>
  Object.entries(values).flatMap(([name, of]) => {
    const histogram = binValues(of);
    return histogram ? [[`${kind}/${name}`, histogram] as const] : [];
  });
