// The training loop (Goodfellow et al. 2014, Algorithm 1; Gulrajani et al. 2017, Algorithm 1), top to bottom.
import { LARGEST_EXPONENT } from '../gan/objective';
import type { StepPosition } from '../protocol/livePreview';
import type { Row } from './trainerEvents';
import type { StepInputs } from './prefetch/stepInputs';
import { criticUpdatesAt, criticUpdatesVary } from './schedules';
import type { Session } from './session';

/** Why the loop ended before its last step. */
export type Interruption = 'stopped' | 'interrupted' | 'failed';

/** What a step is due in addition to its row. */
export interface DueOutputs {
  readonly sample: boolean;
  readonly checkpoint: boolean;
}

/** Called by the loop between its blocks; all disk access is behind these hooks. */
export interface LoopHooks {
  /** After a step, with its row, and the estimates of its critic updates if a sample is due. */
  stepDone(progress: Progress, values: Row, due: DueOutputs, estimates: readonly number[]): Promise<void>;
  /**
   * Before each update, with the losses of the previous one: executes commands. Resolves when the update may run, or,
   * only before the first update of a step, to the interruption.
   */
  beforeUpdate(next: StepPosition, measured: Row): Promise<Interruption | null>;
  /** Whether each update is shown, so that its losses must be fetched from the device. */
  showsUpdates(): boolean;
  /** Whether the time between two checkpoints has passed. */
  checkpointIsDue(): boolean;
  /** An exponential of the objective was linearized in this step, because `exponent` was too large. */
  linearized(step: number, exponent: number): void;
}

export interface Progress {
  readonly step: number;
  readonly criticUpdates: number;
}

export type LoopEnd = Progress & { readonly reason: 'finished' | 'diverged' | Interruption; readonly values: Row };

/** Trains from `from` to the last step. */
export async function trainingLoop(
  session: Session,
  inputs: StepInputs,
  from: Progress,
  steps: number,
  hooks: LoopHooks,
): Promise<LoopEnd> {
  const { criticSteps, samples, checkpoints } = session.experiment;
  let { criticUpdates } = from;
  let values: Row = {};
  for (let step = from.step + 1; step <= steps; step++) {
    // Train the critic toward its optimum for the current generator.
    const before = criticUpdates;
    const { max, isEnough } = criticUpdatesAt(criticSteps, step);
    const criticUpdatesTotal = isEnough === undefined ? max : null;
    const last = step === steps;
    const sampleIsDue = last || step % samples.every === 0;
    const estimates: number[] = [];
    let measured = values;
    for (let done = false; !done; criticUpdates++) {
      const criticUpdatesDone = criticUpdates - before;
      const interruption = await hooks.beforeUpdate(
        { step, network: 'critic', criticUpdatesDone, criticUpdatesTotal },
        measured,
      );
      if (interruption) return { reason: interruption, step: step - 1, criticUpdates, values };
      const criticInputs = inputs.critic(criticUpdates, step);
      done = criticUpdatesDone + 1 === max;
      if (isEnough === undefined && !done && !sampleIsDue && !hooks.showsUpdates()) {
        await session.critic.advance(criticInputs, criticUpdates);
        measured = {};
        continue;
      }
      measured = scalars(await session.critic.run(criticInputs, criticUpdates));
      estimates.push(measured.estimate);
      done ||= isEnough?.(estimates) ?? false;
    }

    // Update the generator.
    await hooks.beforeUpdate(
      { step, network: 'generator', criticUpdatesDone: criticUpdates - before, criticUpdatesTotal },
      measured,
    );
    const generator = scalars(await session.generator.run(inputs.generator(step), step));

    // The row has the losses of the last critic update, before it was applied.
    const { largestExponent = 0, largestGradientNorm, ...losses } = { ...measured, ...generator };
    values = criticUpdatesVary(session.experiment) ? { ...losses, criticUpdates: criticUpdates - before } : losses;
    if (largestExponent > LARGEST_EXPONENT) hooks.linearized(step, largestExponent);
    if (largestGradientNorm !== undefined && session.hasNormalizedEstimate) {
      const { estimate, gradientNorm } = values;
      values = { ...values, normalizedEstimate: estimate / gradientNorm, lowerBound: estimate / largestGradientNorm };
    }
    const diverged = Object.values(values).some((v) => !Number.isFinite(v));
    const due: DueOutputs = {
      sample: !diverged && sampleIsDue,
      checkpoint:
        !diverged &&
        (last ||
          step % checkpoints.every === 0 ||
          (sampleIsDue && checkpoints.best !== null) ||
          hooks.checkpointIsDue()),
    };
    if (due.sample && session.validation)
      values = { ...values, ...scalars(await session.validation.run(inputs.validation(step), step)) };
    await hooks.stepDone({ step, criticUpdates }, values, due, estimates);
    if (diverged) return { reason: 'diverged', step, criticUpdates, values };
  }
  return { reason: 'finished', step: Math.max(steps, from.step), criticUpdates, values };
}

function scalars(results: Readonly<Record<string, Float32Array>>): Row {
  const row: Record<string, number> = {};
  for (const name in results) row[name] = results[name][0];
  return row;
}
