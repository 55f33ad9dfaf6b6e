// What the ranks of a training tell each other besides gradients: where it starts, when it ends, and whether their
// weights are still the same.
import type { State } from '../engine/engine';
import type { Communicator } from '../parallel/communicator';
import { errors } from '../parallel/errors';
import { isStepStart } from './manualStepping';
import type { Session } from './session';
import type { Interruption, LoopHooks, Progress } from './trainingLoop';

/**
 * Gives all ranks the state of rank 0, bit for bit, and the step where it starts. Returns that of rank 0; null if it
 * has nothing to train.
 */
export async function shareStart(ranks: Communicator, state: State, from: Progress): Promise<Progress | null> {
  const numbers = Float64Array.of(from.step, from.criticUpdates);
  ranks.broadcast(new Float32Array(numbers.buffer));
  if (numbers[0] === nothing) return null;
  const values = await state.read();
  for (const name of Object.keys(values).sort()) ranks.broadcast(bits(values[name]));
  if (ranks.rank > 0) await state.write(values);
  const [step, criticUpdates] = numbers;
  return { step, criticUpdates };
}

/** Tells the other ranks, which wait in `shareStart`, that there is nothing to train. */
export const shareNothing = (ranks: Communicator): void =>
  ranks.broadcast(new Float32Array(Float64Array.of(nothing, 0).buffer));

const nothing = -1;

/** The array as floats, whatever it holds; they are only copied. */
const bits = ({ buffer, byteOffset, length }: Float32Array): Float32Array =>
  new Float32Array(buffer, byteOffset, length);

const interruptions = [null, 'stopped', 'interrupted', 'failed'] as const satisfies readonly (Interruption | null)[];

/**
 * The hooks of a rank: all ranks end where rank 0 does, and compare their weights at the steps of checkpoints. `own`
 * are those of rank 0, which writes the run; the others have none.
 */
export function sharedHooks(
  ranks: Communicator,
  { state, experiment }: Pick<Session, 'state' | 'experiment'>,
  own: LoopHooks | null,
): LoopHooks {
  const { steps, checkpoints } = experiment;
  return {
    beforeUpdate: async (next, measured) => {
      const interruption = (await own?.beforeUpdate(next, measured)) ?? null;
      if (!isStepStart(next) || next.network !== 'critic') return interruption;
      const code = Float32Array.of(interruptions.indexOf(interruption));
      ranks.broadcast(code);
      return interruptions[code[0]];
    },
    stepDone: async (progress, values, due, estimates) => {
      const { step } = progress;
      // Not due if the step has diverged. Rank 0 alone saves at other steps, too, and has the held-out estimate.
      if (due.checkpoint && (step === steps || step % checkpoints.every === 0))
        await compareWeights(ranks, state, step);
      await own?.stepDone(progress, values, due, estimates);
    },
    showsUpdates: () => own?.showsUpdates() ?? false,
    checkpointIsDue: () => own?.checkpointIsDue() ?? false,
    linearized: (step, exponent) => own?.linearized(step, exponent),
  };
}

/** Throws a UserError at all ranks if the state of one differs from that of rank 0. */
async function compareWeights(ranks: Communicator, state: State, step: number): Promise<void> {
  const own = hashOf(await state.read());
  const expected = own.slice();
  ranks.broadcast(expected);
  const different = Float32Array.of(own.every((part, k) => part === expected[k]) ? 0 : 1);
  ranks.sum(different);
  if (different[0] > 0) throw errors.drifted(step);
}

/** 32 bits of all values (FNV-1a), as two numbers that float32 holds. */
function hashOf(values: Readonly<Record<string, Float32Array>>): Float32Array {
  let hash = 2166136261;
  for (const name of Object.keys(values).sort()) {
    const { buffer, byteOffset, length } = values[name];
    for (const word of new Uint32Array(buffer, byteOffset, length)) hash = Math.imul(hash ^ word, 16777619);
  }
  return Float32Array.of(hash >>> 16, hash & 0xffff);
}
