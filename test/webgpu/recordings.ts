// Recorded commands of the C API's runtime: replays are right, and one that is not is noticed.
import { leaf, make, scalar, topologicalOrder, type Node } from '../../src/engine/graph/node';
import { encodeModel } from '../../src/engine/onnx/encodeModel';
import { nativeRuntime } from '../../src/engine/onnx/nativeRuntime';
import { avoidWebgpuErrors } from '../../src/engine/passes/webgpuWorkarounds';

const SIZE = 6;
const RUNS = 6;

/**
 * Runs a graph of one input several times, alternating between two outputs, with other numbers each time; returns all
 * results, and whether the runtime warned.
 */
async function replayed(f: (x: Node) => Node): Promise<{ found: number[]; warned: boolean }> {
  const runtime = nativeRuntime('webgpu', 'c-api');
  const memory = runtime.deviceMemory!;
  const x = leaf('x', [SIZE], 'float32');
  const y = f(x);
  const order = topologicalOrder([y]);
  const model = encodeModel({ order, inputs: new Map([[x, 'x']]), outputs: new Map([['y', y]]) });
  const session = await runtime.createSession(model, { threads: 1, graphOptimizations: true });
  const [input, ...outputs] = [0, 1, 2].map(() => memory.tensor('float32', [SIZE]));
  let warned = false;
  const warn = (): void => void (warned = true);
  process.once('warning', warn);
  const found: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    memory.copy([[runtime.tensor('float32', valuesOf(i), [SIZE]), input]]);
    await session.run({ x: input }, { y: outputs[i % 2] });
    found.push(...(memory.read([outputs[i % 2]])[0] as Float32Array));
  }
  // Warnings come with the next turn of the event loop.
  await new Promise(setImmediate);
  process.off('warning', warn);
  await session.dispose();
  for (const tensor of [input, ...outputs]) tensor.dispose();
  return { found, warned };
}

const valuesOf = (run: number): Float32Array => Float32Array.from({ length: SIZE }, (_, k) => run * SIZE + k);
const all = Array.from({ length: RUNS }, (_, run) => [...valuesOf(run)]).flat();

/** x, and −1 where it is NaN after a division by itself: where it is zero. */
const masked = (x: Node): Node => make('Where', [make('IsNaN', [make('Div', [x, x], {})], {}), scalar(-1), x], {});

/** What is wrong; nothing if all is right. */
export async function wrongRecordings(): Promise<string[]> {
  const wrong: string[] = [];
  const check = (what: string, right: boolean): void => void (right || wrong.push(what));
  const computed = await replayed((x) => make('Neg', [x], {}));
  check(
    'a computed output',
    computed.found.every((v, i) => v === -all[i]),
  );
  check('no warning for a computed output', !computed.warned);
  // A copy of a buffer is not recorded, so that a replay would leave the output as it was.
  const copied = await replayed((x) => make('Identity', [x], {}));
  check(
    'a copied output',
    copied.found.every((v, i) => v === all[i]),
  );
  check('a warning for a copied output', copied.warned);
  // IsNaN has no shader, and a step with a node on the CPU cannot be recorded.
  const onCpu = await replayed(masked);
  check('a warning for a node on the CPU', onCpu.warned);
  const adapted = await replayed((x) => avoidWebgpuErrors([masked(x)])[0]);
  check(
    'a number that is NaN',
    adapted.found.every((v, i) => v === (all[i] === 0 ? -1 : all[i])),
  );
  check('no warning for it', !adapted.warned);
  return wrong;
}
