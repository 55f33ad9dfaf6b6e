// The order of the updates in a run, and how far a step that is made by hand goes in it.
import type { CommandKind, HandStep } from '../protocol/control';
import type { Turn } from '../protocol/live';

/** Before the first update of a step: what a checkpoint, a picture and a row belong to is whole. */
export const isWhole = ({ made }: Turn): boolean => made === 0;

/** Whether a step by hand that was asked for before the update `asked` is over before the later update `next`. */
export const isOver: { readonly [K in HandStep]: (asked: Turn, next: Turn) => boolean } = {
  'critic-step': () => true,
  // The critic's updates that are left come first: the generator follows the critic of its own step.
  'generator-step': (asked, next) => next.step > asked.step,
  // To the same place of the next step, or before its generator where the critic has fewer updates there.
  step: (asked, next) => next.step > asked.step && place(next) >= place(asked),
};

export const isHandStep = (kind: CommandKind): kind is HandStep => Object.hasOwn(isOver, kind);

/** Why a step by hand cannot be made before the update `next`; null where it can. */
export function whyNot(kind: HandStep, { network, step, made }: Turn): string | null {
  if (kind !== 'critic-step' || network === 'critic') return null;
  return `critic-step is not carried out: the critic has made its ${made} updates of step ${step}, and the generator's comes next.`;
}

const place = ({ network, made }: Turn): number => (network === 'generator' ? Infinity : made);
