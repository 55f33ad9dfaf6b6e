// The order of the updates of a run, and where each manual step ends.
import type { CommandKind, ManualStep } from '../protocol/control';
import type { StepPosition } from '../protocol/livePreview';

/** Whether the next update is the first of a step. Rows, checkpoints and sample images belong to complete steps. */
export const isStepStart = ({ criticUpdatesDone }: StepPosition): boolean => criticUpdatesDone === 0;

/** Whether a manual step requested before the update `requested` has ended before the later update `next`. */
export const manualStepEnded: {
  readonly [K in ManualStep]: (requested: StepPosition, next: StepPosition) => boolean;
} = {
  'critic-step': () => true,
  // The remaining critic updates come first: the generator is updated after the critic of its own step.
  'generator-step': (requested, next) => next.step > requested.step,
  // The same position in the next step, or before its generator update if the critic has fewer updates there.
  step: (requested, next) => next.step > requested.step && order(next) >= order(requested),
};

export const isManualStep = (kind: CommandKind): kind is ManualStep => Object.hasOwn(manualStepEnded, kind);

/** Why a manual step is not possible before the update `next`; null if it is. */
export function refusalOf(kind: ManualStep, { network, step, criticUpdatesDone }: StepPosition): string | null {
  if (kind !== 'critic-step' || network === 'critic') return null;
  return `Ignored critic-step: the critic has already had its ${criticUpdatesDone} updates in step ${step}; the generator update is next.`;
}

const order = ({ network, criticUpdatesDone }: StepPosition): number =>
  network === 'generator' ? Infinity : criticUpdatesDone;
