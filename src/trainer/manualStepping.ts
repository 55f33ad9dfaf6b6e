// The order of the updates in a run, and how far a step that is made by hand goes in it.
import type { CommandKind, ManualStep } from '../protocol/control';
import type { StepPosition } from '../protocol/livePreview';

/** Before the first update of a step: what a checkpoint, a picture and a row belong to is whole. */
export const isWhole = ({ criticUpdatesDone }: StepPosition): boolean => criticUpdatesDone === 0;

/** Whether a step by hand that was asked for before the update `asked` is over before the later update `next`. */
export const isOver: { readonly [K in ManualStep]: (asked: StepPosition, next: StepPosition) => boolean } = {
  'critic-step': () => true,
  // The critic's updates that are left come first: the generator follows the critic of its own step.
  'generator-step': (asked, next) => next.step > asked.step,
  // To the same place of the next step, or before its generator where the critic has fewer updates there.
  step: (asked, next) => next.step > asked.step && place(next) >= place(asked),
};

export const isHandStep = (kind: CommandKind): kind is ManualStep => Object.hasOwn(isOver, kind);

/** Why a step by hand cannot be made before the update `next`; null where it can. */
export function whyNot(kind: ManualStep, { network, step, criticUpdatesDone }: StepPosition): string | null {
  if (kind !== 'critic-step' || network === 'critic') return null;
  return `critic-step is not carried out: the critic has made its ${criticUpdatesDone} updates of step ${step}, and the generator's comes next.`;
}

const place = ({ network, criticUpdatesDone }: StepPosition): number =>
  network === 'generator' ? Infinity : criticUpdatesDone;
