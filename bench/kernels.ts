// Measures how ONNX Runtime computes the two operations that decide the time of an MLP: products of small batches, in
// each orientation, and an optimizer update, in each form. One thread, the variants in turns, the best of all rounds.
import { leaf, make, scalar, topologicalOrder, type Node } from '../src/engine/graph/node';
import { sizeOf } from '../src/engine/graph/shapes';
import { nativeRuntime } from '../src/engine/onnx/nativeRuntime';
import { createStepRunner, type StepRunner } from '../src/engine/onnx/stepRunner';
import type { Tensors } from '../src/engine/onnx/runtime';
import type { OnnxState, Slot } from '../src/engine/onnx/state';
import { createUpdateKernels } from '../src/engine/onnx/updateKernels';
import { hostUpdates } from '../src/engine/passes/hostUpdates';
import { fillUniform } from '../src/math/random';
import { smallest } from './statistics';

/** Prints both tables. */
export async function measureKernels(rounds: number, print: (text: string) => void): Promise<void> {
  for (const [rows, inputs, outputs] of [
    [64, 512, 512],
    [192, 512, 512],
    [192, 784, 512],
  ])
    await measureProducts({ rows, inputs, outputs }, rounds, print);
  await measureUpdates(rounds, print);
}

interface Variant {
  readonly name: string;
  readonly ms: number[];
  readonly runner: Pick<StepRunner, 'advance' | 'dispose'>;
  readonly feeds: Tensors;
}

/** A graph whose outputs are written into memory that stays, as the state of a step is. */
async function variant(name: string, outputs: readonly Node[]): Promise<Variant> {
  const runtime = nativeRuntime('cpu');
  const tensorOf = ({ shape }: Node, stream: string) => {
    const values = new Float32Array(sizeOf(shape));
    fillUniform(values, { seed: 1, stream, step: 0 });
    return runtime.tensor('float32', values, shape);
  };
  const order = topologicalOrder(outputs);
  const leaves = order.filter((node): node is Node<'Leaf'> => node.op === 'Leaf');
  const inputs = new Map<string, Node>(leaves.map((node) => [node.attributes.name, node]));
  const slots = outputs.map((node, i) => ({ name: `${i}`, node, spare: tensorOf(node, `${i}`) }) as unknown as Slot);
  const writes = new Map(slots.map((slot, i) => [slot, outputs[i]]));
  const state = { advance: () => {}, moveToHost: () => {} } as unknown as OnnxState;
  const options = { threads: 1, graphOptimizations: false };
  const runner = await createStepRunner(
    runtime,
    { order, inputs, reads: [], results: null, writes, updates: null },
    state,
    options,
  );
  const feeds = Object.fromEntries([...inputs].map(([name, node]) => [name, tensorOf(node, name)]));
  return { name, ms: [], runner, feeds };
}

/** Updates of variables as the engine takes them out of a graph: one loop of WebAssembly each. */
function loops(name: string, writes: ReadonlyMap<Node, Node>, scalars: readonly Node<'Leaf'>[]): Variant {
  const runtime = nativeRuntime('cpu');
  const random = (values: Float32Array, stream: string) => fillUniform(values, { seed: 1, stream, step: 0 });
  const slots = [...writes.keys()].map((node, i) => {
    const values = new Float32Array(sizeOf(node.shape));
    random(values, `${i}`);
    return { name: `${i}`, node, current: runtime.tensor('float32', values, node.shape) } as unknown as Slot;
  });
  const names = new Map<Node, string>(scalars.map((node) => [node, node.attributes.name]));
  const kernels = createUpdateKernels(runtime, hostUpdates(writes, new Set(writes.keys())), slots, names)!;
  for (const [node, { data }] of kernels.results) random(data as Float32Array, `${node.id}`);
  kernels.prepare(Object.fromEntries([...names.values()].map((each) => [each, Float32Array.of(0.5)])));
  return { name, ms: [], feeds: {}, runner: { advance: async () => kernels.run(), dispose: async () => {} } };
}

async function race(variants: readonly Variant[], rounds: number): Promise<void> {
  for (let round = -1; round < rounds; round++)
    for (const { runner, feeds, ms } of round % 2 ? variants : variants.toReversed()) {
      const start = performance.now();
      await runner.advance(feeds, {});
      if (round >= 0) ms.push(performance.now() - start);
    }
  for (const { runner } of variants) await runner.dispose();
}

/** Nodes of one kind in a graph, each with operands of its own, as in a network. */
const COPIES = 8;

interface Product {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
}

async function measureProducts(
  { rows, inputs, outputs }: Product,
  rounds: number,
  print: (text: string) => void,
): Promise<void> {
  const product = (a: readonly number[], b: readonly number[], transA: boolean, transB: boolean) =>
    Array.from({ length: COPIES }, (_, i) =>
      make('Gemm', [leaf(`a${i}`, a, 'float32'), leaf(`b${i}`, b, 'float32')], { transA, transB }),
    );
  const variants = [
    await variant('x W', product([rows, inputs], [inputs, outputs], false, false)),
    await variant('x (Wᵀ)ᵀ', product([rows, inputs], [outputs, inputs], false, true)),
    await variant('Wᵀ xᵀ', product([inputs, outputs], [inputs, rows], true, false)),
    await variant('(Wᵀ) xᵀ', product([outputs, inputs], [inputs, rows], false, false)),
    await variant('dy Wᵀ', product([rows, outputs], [inputs, outputs], false, true)),
    await variant('W dyᵀ', product([inputs, outputs], [outputs, rows], false, false)),
    await variant('xᵀ dy', product([rows, inputs], [rows, outputs], true, false)),
    await variant('(xᵀ) dy', product([inputs, rows], [rows, outputs], false, false)),
    await variant('(xᵀ) (dyᵀ)ᵀ', product([inputs, rows], [outputs, rows], false, true)),
  ];
  await race(variants, rounds);
  const gflops = ({ ms }: Variant) => ((2 * rows * inputs * outputs * COPIES) / smallest(ms) / 1e6).toFixed(0);
  print(`\nx [${rows}, ${inputs}], W [${inputs}, ${outputs}], GFLOP/s; (Aᵀ) is stored transposed\n`);
  print(`| ${variants.map(({ name }) => name).join(' | ')} |`);
  print(`| ${variants.map(() => '---:').join(' | ')} |`);
  print(`| ${variants.map(gflops).join(' | ')} |`);
}

/** Adam with β₁ = 0 of a [512, 512] variable, four times: as the engine does it, and in operations of ONNX. */
async function measureUpdates(rounds: number, print: (text: string) => void): Promise<void> {
  const [c, beta] = [scalar(0.1), scalar(0.9)];
  const [rate, floor] = [leaf('rate', [], 'float32'), leaf('floor', [], 'float32')];
  const binary = (op: 'Add' | 'Sub' | 'Mul' | 'Div', a: Node, b: Node) => make(op, [a, b], {});
  const stepOf = (w: Node, g: Node, v: Node) =>
    binary('Sub', w, binary('Div', binary('Mul', g, rate), binary('Add', make('Sqrt', [v], {}), floor)));
  const updates = (shape: readonly number[], count: number, update: (w: Node, v: Node, g: Node) => Node[]) =>
    Array.from({ length: count }, (_, i) => {
      const [w, v, g] = ['w', 'v', 'g'].map((name) => leaf(`${name}${i}`, shape, 'float32'));
      return update(w, v, g);
    }).flat();
  const nine = (w: Node, v: Node, g: Node) => {
    const next = binary('Add', v, binary('Mul', binary('Sub', binary('Mul', g, g), v), c));
    return [stepOf(w, g, next), next];
  };
  /** The gradient is scaled by √c in the product that computes it. */
  const eight = (w: Node, v: Node, g: Node) => {
    const next = binary('Add', binary('Mul', v, beta), binary('Mul', g, g));
    return [stepOf(w, g, next), next];
  };
  /** Only the memory: w, v and g are read, w and v written. */
  const least = (w: Node, v: Node, g: Node) => [binary('Sub', w, g), binary('Add', v, g)];
  const inPlace = Array.from({ length: 4 }, (_, i): (readonly [Node, Node])[] => {
    const [w, v, x] = ['w', 'v', 'x'].map((name) => leaf(`${name}${i}`, [512, 512], 'float32'));
    const g = make('Gemm', [x, x], { transA: true, transB: false });
    const [nextW, nextV] = nine(w, v, g);
    return [
      [w, nextW],
      [v, nextV],
    ];
  });
  const variants = [
    loops('one loop, as the engine has it', new Map(inPlace.flat()), [rate, floor]),
    await variant('9 operations', updates([512, 512], 4, nine)),
    await variant('8 operations', updates([512, 512], 4, eight)),
    await variant('9 operations on all variables at once', updates([4, 512, 512], 1, nine)),
    await variant('2 operations with the same operands', updates([512, 512], 4, least)),
  ];
  await race(variants, rounds);
  print('\nAdam, β₁ = 0, four variables of [512, 512]\n\n| form | ms |\n| --- | ---: |');
  for (const { name, ms } of variants) print(`| ${name} | ${smallest(ms).toFixed(2)} |`);
}
