// For tests: runs a graph on a device, without an engine around it.
import { make, topologicalOrder, type Node } from '../../src/engine/graph/node';
import { sizeOf } from '../../src/engine/graph/shapes';
import { nativeRuntime } from '../../src/engine/onnx/nativeRuntime';
import type { NativeDevice, Tensors } from '../../src/engine/onnx/runtime';
import type { OnnxState } from '../../src/engine/onnx/state';
import { createStepRunner, packOutputs } from '../../src/engine/onnx/stepRunner';

const noState = { moveToHost: () => undefined } as unknown as OnnxState;

/** The values of `outputs` as float32, given those of the leaves by name, as a training step computes them. */
export async function runGraph(
  device: NativeDevice,
  outputs: readonly Node[],
  leaves: ReadonlyMap<string, Node>,
  feeds: (tensor: ReturnType<typeof nativeRuntime>['tensor']) => Tensors,
): Promise<Float32Array[]> {
  const runtime = nativeRuntime(device);
  const results = packOutputs(outputs.map((o) => (o.dtype === 'float32' ? o : make('Cast', [o], { to: 'float32' }))))!;
  const graph = {
    order: topologicalOrder([results]),
    inputs: leaves,
    reads: [],
    results,
    writes: new Map(),
    updates: null,
  };
  const runner = await createStepRunner(runtime, graph, noState, { threads: 1, graphOptimizations: true });
  try {
    const packed = (await runner.run(feeds(runtime.tensor), {})).slice();
    let end = 0;
    return outputs.map(({ shape }) => packed.subarray(end, (end += sizeOf(shape))));
  } finally {
    await runner.dispose();
  }
}
