// Runs graphs of the engine on the CPU, with normal random numbers as inputs, to compare the results of passes.
import { leaf, topologicalOrder, type Node } from '../../src/engine/graph/node';
import type { Geometry } from '../../src/engine/graph/ops';
import { sizeOf } from '../../src/engine/graph/shapes';
import { nativeRuntime } from '../../src/engine/onnx/nativeRuntime';
import type { OnnxState } from '../../src/engine/onnx/state';
import { createStepRunner, packOutputs } from '../../src/engine/onnx/stepRunner';
import { optimize, type Passes } from '../../src/engine/passes/optimize';
import { fillNormal } from '../../src/math/random';

/** Images x, filters w and outputs y of a convolution. */
export const leaves = (g: Geometry, name = ''): Record<'x' | 'w' | 'y', Node<'Leaf'>> => ({
  x: leaf(`${name}x`, [g.batch, g.height, g.width, g.channels], 'float32'),
  w: leaf(`${name}w`, [...g.kernel, g.channels, g.filters], 'float32'),
  y: leaf(`${name}y`, [g.batch, g.outHeight, g.outWidth, g.filters], 'float32'),
});

/** The results of `outputs` after the passes, in one array. */
export const run = (outputs: readonly Node[], passes: Passes): Promise<Float32Array> =>
  evaluate(optimize(outputs, passes), true);

/** The results of `outputs` as they are, in one array. An input is determined by its name. */
export async function evaluate(outputs: readonly Node[], graphOptimizations: boolean): Promise<Float32Array> {
  const runtime = nativeRuntime('cpu');
  const results = packOutputs(outputs)!;
  const order = topologicalOrder([results]);
  const inputs = new Map(
    order.flatMap((node) => (node.op === 'Leaf' ? [[(node as Node<'Leaf'>).attributes.name, node]] : [])) as [
      string,
      Node,
    ][],
  );
  const state = { moveToHost: () => {} } as OnnxState;
  const options = { threads: 1, graphOptimizations };
  const runner = await createStepRunner(
    runtime,
    { order, inputs, reads: [], results, writes: new Map(), updates: null },
    state,
    options,
  );
  const feeds = [...inputs].map(([name, { shape }]) => {
    const values = new Float32Array(sizeOf(shape));
    fillNormal(values, { seed: 1, stream: name, step: 0 });
    return [name, runtime.tensor('float32', values, shape)] as const;
  });
  const values = (await runner.run(Object.fromEntries(feeds), {})).slice();
  await runner.dispose();
  return values;
}

/** ‖a − b‖ / ‖b‖ */
export function difference(a: Float32Array, b: Float32Array): number {
  const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
  return norm(a.map((v, i) => v - b[i])) / norm(b);
}
