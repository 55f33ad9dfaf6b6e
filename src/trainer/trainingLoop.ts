// The training loop (Goodfellow et al. 2014, Algorithm 1; Gulrajani et al. 2017, Algorithm 1), top to bottom.
import { LARGEST_EXPONENT } from '../gan/objective';
import type { StepPosition } from '../protocol/livePreview';
import type { Row } from './trainerEvents';
import type { StepInputs } from './prefetch/stepInputs';
import { criticUpdatesAt, criticUpdatesVary } from './schedules';
import type { Session } from './session';

/** Why the loop ended before its last step. */
export type Interruption = 'stopped' | 'interrupted';

/** What a step asks for beside its row. */
export interface DueOutputs {
  readonly sample: boolean;
  readonly checkpoint: boolean;
}

/** What the loop calls between its blocks; everything that touches a disk is behind it. */
export interface LoopHooks {
  /** After the row of a step is complete. */
  recorded(progress: Progress, values: Row, due: DueOutputs): Promise<void>;
  /**
   * Before every update, with what the one before it measured: commands and signals. Resolves when the update may be made,
   * or, before the first of a step alone, to why it may not.
   */
  between(next: StepPosition, measured: Row): Promise<Interruption | null>;
  /** Somebody looks at each update: its losses are fetched where they otherwise are of no use. */
  watched(): boolean;
  /** An exponential of the objective was bounded in this step; `exponent` is what e was to be raised to. */
  bounded(step: number, exponent: number): void;
}

export interface Progress {
  readonly step: number;
  readonly criticUpdates: number;
}

export type LoopEnd = Progress & { readonly reason: 'finished' | 'diverged' | Interruption; readonly values: Row };

/** Trains from `from` to the experiment's last step. */
export async function trainingLoop(
  session: Session,
  feeder: StepInputs,
  from: Progress,
  steps: number,
  hooks: LoopHooks,
): Promise<LoopEnd> {
  const { criticSteps, samples, checkpoints } = session.experiment;
  let { criticUpdates } = from;
  let values: Row = {};
  for (let step = from.step + 1; step <= steps; step++) {
    // The critic, towards its optimum for the present generator.
    const before = criticUpdates;
    const { max, isEnough } = criticUpdatesAt(criticSteps, step);
    const criticUpdatesTotal = isEnough === undefined ? max : null;
    const estimates: number[] = [];
    let measured = values;
    for (let done = false; !done; criticUpdates++) {
      const criticUpdatesDone = criticUpdates - before;
      const interruption = await hooks.between(
        { step, network: 'critic', criticUpdatesDone, criticUpdatesTotal },
        measured,
      );
      if (interruption) return { reason: interruption, step: step - 1, criticUpdates, values };
      const feed = feeder.critic(criticUpdates, step);
      done = criticUpdatesDone + 1 === max;
      if (isEnough === undefined && !done && !hooks.watched()) {
        await session.critic.advance(feed, criticUpdates);
        measured = {};
        continue;
      }
      measured = scalars(await session.critic.run(feed, criticUpdates));
      estimates.push(measured.estimate);
      done ||= isEnough?.(estimates) ?? false;
    }

    // The generator, down the slope that the critic shows.
    await hooks.between(
      { step, network: 'generator', criticUpdatesDone: criticUpdates - before, criticUpdatesTotal },
      measured,
    );
    const generator = scalars(await session.generator.run(feeder.generator(step), step));

    // The row: the last critic update's losses, as measured before it was applied.
    const { largestExponent = 0, ...losses } = { ...measured, ...generator };
    values = criticUpdatesVary(session.experiment) ? { ...losses, criticUpdates: criticUpdates - before } : losses;
    if (largestExponent > LARGEST_EXPONENT) hooks.bounded(step, largestExponent);
    if ('gradientNorm' in values && session.hasNormalizedEstimate)
      values = { ...values, normalizedEstimate: values.estimate / values.gradientNorm };
    const diverged = Object.values(values).some((v) => !Number.isFinite(v));
    const last = step === steps;
    const due: DueOutputs = {
      sample: !diverged && (last || step % samples.every === 0),
      checkpoint: !diverged && (last || step % checkpoints.every === 0),
    };
    if (due.sample && session.validation)
      values = { ...values, ...scalars(await session.validation.run(feeder.validation(step), step)) };
    await hooks.recorded({ step, criticUpdates }, values, due);
    if (diverged) return { reason: 'diverged', step, criticUpdates, values };
  }
  return { reason: 'finished', step: Math.max(steps, from.step), criticUpdates, values };
}

function scalars(results: Readonly<Record<string, Float32Array>>): Row {
  const row: Record<string, number> = {};
  for (const name in results) row[name] = results[name][0];
  return row;
}
