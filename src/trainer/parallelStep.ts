// A training step of several processes: each computes the gradients of its rows of the batch, one sum makes them those
// of the whole batch, and each applies the same update.
import { largestResults } from '../gan/parallelSteps';
import type { GanStep } from '../gan/step';
import type { Arrays } from '../engine/engine';
import type { Communicator } from '../parallel/communicator';
import type { CompiledStep } from './compiledStep';

interface Halves {
  readonly gradients: CompiledStep;
  readonly apply: CompiledStep;
}

/**
 * The step `whole`, computed by all ranks. Its inputs are those of the whole batch, its results the same at all ranks:
 * means of losses over the batch, and the largest of what `largestResults` names.
 */
export function parallelStep(whole: GanStep, { gradients, apply }: Halves, ranks: Communicator): CompiledStep {
  const { rank, size } = ranks;
  const rows = (inputs: Arrays): Arrays =>
    Object.fromEntries(
      Object.entries(gradients.inputs).map(([name, shape]) => {
        const array = inputs[name];
        if (shape.length === 0) return [name, array];
        const length = array.length / size;
        return [name, array.subarray(rank * length, (rank + 1) * length)];
      }),
    );
  let exchange: ReturnType<typeof createExchange> | undefined;
  const run = async (inputs: Arrays, update = 0): Promise<Record<string, Float32Array>> => {
    // Each rank has random numbers of its own in the layers of its networks.
    const own = await gradients.run(rows(inputs), update * size + rank);
    exchange ??= createExchange(own, ranks);
    const { results, means } = exchange(own);
    const scalars = Object.keys(apply.inputs).flatMap((name) => (name in means ? [] : [[name, inputs[name]] as const]));
    const applied = await apply.run({ ...means, ...Object.fromEntries(scalars) }, update);
    return { ...results, ...applied };
  };
  return {
    inputs: whole.inputs,
    threads: gradients.threads,
    run,
    advance: async (inputs, update) => void (await run(inputs, update)),
    print: gradients.print,
  };
}

/** Sums all results of a step over the ranks at once, in an array that is allocated once. */
function createExchange(first: Arrays, ranks: Communicator) {
  const { rank, size } = ranks;
  const names = Object.keys(first);
  const largest = names.filter((name) => largestResults.includes(name));
  const length = names.reduce((sum, name) => sum + first[name].length, 0);
  // A slot of each rank for each result of which the largest counts.
  const all = new Float32Array(length + largest.length * size);
  let offset = 0;
  const views = names.map((name) => {
    const view = all.subarray(offset, offset + first[name].length);
    offset += view.length;
    return [name, view] as const;
  });
  const slots = largest.map((name, k) => {
    const start = length + k * size;
    return [name, all.subarray(start, start + size)] as const;
  });
  return (own: Arrays): { results: Record<string, Float32Array>; means: Record<string, Float32Array> } => {
    for (const [name, view] of views) view.set(own[name]);
    for (const [name, slot] of slots) {
      slot.fill(0);
      slot[rank] = own[name][0];
    }
    ranks.sum(all);
    for (let k = 0; k < length; k++) all[k] /= size;
    const isMean = (name: string): boolean => name.startsWith('gradient/') || name.startsWith('buffer/');
    const results = views.filter(([name]) => !isMean(name)).map(([name, view]) => [name, view.slice()] as const);
    return {
      results: {
        ...Object.fromEntries(results),
        ...Object.fromEntries(slots.map(([name, slot]) => [name, Float32Array.of(Math.max(...slot))])),
      },
      means: Object.fromEntries(views.filter(([name]) => isMean(name))),
    };
  };
}
