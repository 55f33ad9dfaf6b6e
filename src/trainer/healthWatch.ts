// The health watch: warns once when a run trains but does not learn, such as with a dead critic. It sees the rows and
// the sample steps of a run and leaves training alone.
import type { HealthConfig } from '../catalog';
import type { StepSummary } from '../protocol/histograms';
import { averaged } from './averages';
import {
  causes,
  checks,
  windows,
  type Averages,
  type Check,
  type HealthContext,
  type Quantity,
  type SampleStatistics,
} from './healthChecks';
import type { Row } from './trainerEvents';

type Setting = keyof HealthConfig;

export interface HealthEvent {
  /** Stable, such as 'dead-critic': the name of the setting with its threshold, in kebab-case. */
  readonly code: string;
  readonly message: string;
}

/** Plain data for a checkpoint, so that a resumed run has the same events and repeats none. */
export interface HealthState {
  readonly averages: Averages;
  /** The checks whose event was raised and has not passed. */
  readonly raised: readonly Setting[];
}

/** What is known at a sample step in addition to its row. */
export interface SampleObservation {
  /** Statistics of generated samples. */
  readonly samples: SampleStatistics;
  /** Gradients of both networks. */
  readonly summary: StepSummary;
  /** The estimates of the critic updates of the step. */
  readonly estimates: readonly number[];
}

export interface HealthWatch {
  /** The events at the start of a run. */
  start(): HealthEvent[];
  row(values: Row): HealthEvent[];
  sample(observation: SampleObservation): HealthEvent[];
  readonly state: HealthState;
}

/**
 * An event is raised when the value of its check reaches the threshold, and may be raised again after it has fallen
 * below half of it.
 */
export function createHealthWatch(context: HealthContext, from?: HealthState): HealthWatch {
  const { health } = context.experiment;
  const active = Object.entries(health).flatMap(([setting, threshold]): [Setting, Check][] => {
    const check = threshold === null ? null : checks[setting as Setting](threshold, context);
    return check ? [[setting as Setting, check]] : [];
  });
  const averages: { -readonly [Q in Quantity]?: Averages[Q] } = { ...from?.averages };
  const raised = new Set(from?.raised);

  const observe = (values: { readonly [Q in Quantity]?: number }): HealthEvent[] => {
    for (const [name, value] of Object.entries(values) as [Quantity, number | undefined][])
      if (Number.isFinite(value)) averages[name] = averaged(averages[name], value!, windows[name]);
    return active.flatMap(([setting, { severity, message }]): HealthEvent[] => {
      const value = severity(averages);
      if (value === undefined) return [];
      if (value < 0.5) raised.delete(setting);
      if (value < 1 || raised.has(setting) || causes[setting]?.some((cause) => raised.has(cause))) return [];
      raised.add(setting);
      return [{ code: codeOf(setting), message: message(averages) }];
    });
  };

  const largestSize = (): number => Math.max(averages.peak?.mean ?? 0, averages.size?.mean ?? 0);

  return {
    start: () => observe({}),
    row: ({ estimate, gradientNorm, validationEstimate, w1 }) => {
      const heldOut = {
        trainingEstimate: estimate,
        heldOutEstimate: validationEstimate,
        gap: estimate - validationEstimate,
      };
      return observe({
        ...{ estimate, size: Math.abs(estimate), peak: largestSize(), gradientNorm, w1 },
        ...(validationEstimate === undefined ? {} : heldOut),
      });
    },
    sample: ({ samples, summary, estimates }) =>
      observe({
        deviation: samples.deviation,
        generatorGradient: gradientSize(summary, 'generator'),
        criticGradient: gradientSize(summary, 'critic'),
        lag: estimates.length > 1 ? estimates.at(-1)! - estimates[0] : undefined,
      }),
    get state() {
      return { averages: { ...averages }, raised: [...raised] };
    },
  };
}

const codeOf = (setting: string): string => setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The root mean square of the gradient over the weights of a network; undefined if it was not computed. */
function gradientSize({ layers }: StepSummary, role: 'generator' | 'critic'): number | undefined {
  const gradients = layers.flatMap(({ network, gradients }) => (network === role && gradients ? [gradients] : []));
  const count = gradients.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b), 0);
  const squares = gradients.reduce((sum, { norm }) => sum + norm * norm, 0);
  return count === 0 ? undefined : Math.sqrt(squares / count);
}

/** Statistics of samples, [n, size] row-major, in double precision. */
export function sampleStatistics(samples: Float32Array, size: number): SampleStatistics {
  const n = samples.length / size;
  const mean = new Float64Array(size);
  let [squares, min, max] = [0, Infinity, -Infinity];
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i];
    mean[i % size] += x / n;
    squares += x * x;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  let deviations = 0;
  for (let i = 0; i < samples.length; i++) deviations += (samples[i] - mean[i % size]) ** 2;
  return {
    ...{ rootMeanSquare: Math.sqrt(squares / samples.length), min, max },
    ...{ deviation: Math.sqrt(deviations / n), norm: Math.sqrt(squares / n) },
  };
}
