// ONNX Runtime through its C API: what only native code can get wrong.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { leaf, make, topologicalOrder, type Node } from '../graph/node';
import { encodeModel } from './encodeModel';
import { nativeRuntime } from './nativeRuntime';
import type { Tensor } from './runtime';

const runtime = nativeRuntime('cpu', 'c-api');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The outputs `y0`, `y1` … as functions of the inputs by their names. */
function model(...outputs: Node[]): Uint8Array {
  const order = topologicalOrder(outputs);
  const leaves = order.filter((node) => node.op === 'Leaf');
  return encodeModel({
    order,
    inputs: new Map(leaves.map((node) => [node, (node.attributes as { name: string }).name])),
    outputs: new Map(outputs.map((node, i) => [`y${i}`, node])),
  });
}

const x = leaf('x', [2, 3], 'float32');

describe('tensors', () => {
  it('keep small arrays at their place, which the garbage collector would move', () => {
    const n = leaf('n', [2], 'int32');
    const session = runtime.createSyncSession(model(make('Mul', [x, x], {}), make('Add', [n, n], {})));
    const made: Tensor[] = [];
    for (let i = 0; i < 200; i++) {
      const feeds = {
        x: runtime.tensor('float32', Float32Array.of(i, 1, 2, 3, 4, 5), [2, 3]),
        n: runtime.tensor('int32', Int32Array.of(i, -i), [2]),
      };
      const first = session.run(feeds, ['y0', 'y1']);
      made.push(feeds.x, feeds.n, first.y0, first.y1);
      if (i % 50 === 0) collectGarbage();
      const { y0, y1 } = session.run(feeds, ['y0', 'y1']);
      expect([...(y0.data as Float32Array)]).toEqual([i * i, 1, 4, 9, 16, 25]);
      expect([...(y1.data as Int32Array)]).toEqual([2 * i, 0 - 2 * i]);
    }
    session.dispose();
  });

  it('are read again at each run, and written to if they are preallocated', async () => {
    const session = await runtime.createSession(model(make('Add', [x, x], {})), {
      threads: 1,
      graphOptimizations: true,
    });
    const values = new Float32Array(6).fill(1);
    const feed = runtime.tensor('float32', values, [2, 3]);
    const out = runtime.tensor('float32', new Float32Array(6), [2, 3]);
    for (const value of [1, 2, 3]) {
      values.fill(value);
      expect((await session.run({ x: feed }, { y0: out })).y0).toBe(out);
      collectGarbage();
      expect([...(out.data as Float32Array)]).toEqual(Array(6).fill(2 * value));
    }
    await session.dispose();
  });

  it('have results of every type', () => {
    const session = runtime.createSyncSession(
      model(make('Greater', [x, make('Neg', [x], {})], {}), make('Cast', [x], { to: 'int64' })),
    );
    const feeds = { x: runtime.tensor('float32', Float32Array.of(-1, 0, 1, 2, 3, -4), [2, 3]) };
    const { y0, y1 } = session.run(feeds, ['y0', 'y1']);
    expect([y0.type, [...y0.dims], [...(y0.data as Uint8Array)]]).toEqual(['bool', [2, 3], [0, 0, 1, 1, 1, 0]]);
    expect([y1.type, [...(y1.data as BigInt64Array)]]).toEqual(['int64', [-1n, 0n, 1n, 2n, 3n, -4n]]);
    session.dispose();
  });

  it('are copied whole if they are larger than what koffi copies at once', () => {
    const size = 5 * 2 ** 20 + 3;
    const long = leaf('long', [size], 'float32');
    const session = runtime.createSyncSession(model(make('Neg', [long], {})));
    const values = Float32Array.from({ length: size }, (_, i) => i);
    const { y0 } = session.run({ long: runtime.tensor('float32', values, [size]) }, ['y0']);
    const found = y0.data as Float32Array;
    expect(found.length).toBe(size);
    expect(found.findIndex((v, i) => v !== -i)).toBe(-1);
    session.dispose();
  });
});

describe('errors', () => {
  it('are those of ONNX Runtime', async () => {
    expect(() => runtime.createSyncSession(Uint8Array.of(1, 2, 3))).toThrow(/protobuf/i);
    const session = runtime.createSyncSession(model(make('Neg', [x], {})));
    const wrong = { x: runtime.tensor('float32', new Float32Array(4), [2, 2]) };
    expect(() => session.run(wrong, ['y0'])).toThrow(/Got invalid dimensions for input: x/);
    expect([
      ...(session.run({ x: runtime.tensor('float32', new Float32Array(6), [2, 3]) }, ['y0']).y0.data as Float32Array),
    ]).toEqual(Array(6).fill(-0));
    session.dispose();
  });

  it('of memory say what to do', async () => {
    const [rows, columns] = [leaf('rows', [2 ** 20, 1], 'float32'), leaf('columns', [1, 2 ** 22], 'float32')];
    const session = await runtime.createSession(model(make('Add', [rows, columns], {})), {
      threads: 1,
      graphOptimizations: true,
    });
    const feeds = {
      rows: runtime.tensor('float32', new Float32Array(2 ** 20), [2 ** 20, 1]),
      columns: runtime.tensor('float32', new Float32Array(2 ** 22), [1, 2 ** 22]),
    };
    await expect(session.run(feeds, { y0: null })).rejects.toMatchObject({ code: 'device-memory' });
    await session.dispose();
  });
});
