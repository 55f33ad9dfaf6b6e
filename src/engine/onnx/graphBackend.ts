// A TensorFlow.js backend that builds a graph: kernels add nodes, and values are computed only when they are read.
import * as tf from '@tensorflow/tfjs-core';
import { fill, isOp, currentLayer, leaf, type Node } from '../graph/node';
import type { DType, Values } from '../graph/ops';
import { sameShape, sizeOf } from '../graph/shapes';
import { ModelError } from '../errors';
import { filled } from './encodeModel';
import { evaluate } from './eagerEvaluation';
import { cast, reshape, type Lowering, type Refusal } from './kernels/kernel';
import { kernels } from './kernels/table';

/** The name of the backend in TensorFlow.js. */
export const BACKEND = 'earthmover';

interface Entry {
  readonly node: Node;
  references: number;
}

export class GraphBackend extends tf.KernelBackend {
  private readonly entries = new tf.DataStorage<Entry>(this, tf.engine());
  /** Live tensors without a value. A read computes all of them, so that chains of unread tensors cannot grow. */
  private readonly pending = new Set<Entry>();
  /** While a step is recorded, its nodes are not pending. */
  private recording = false;

  /**
   * The node behind a tensor, in the tensor's own shape and dtype (tensors of different shape may share their data).
   */
  node({ dataId, shape, dtype }: tf.TensorInfo): Node {
    const { node } = this.entries.get(dataId);
    const same = node.dtype === dtype ? node : cast(node, dtype as DType);
    return sameShape(same.shape, shape) ? same : reshape(same, shape);
  }

  /** A new tensor for a node. */
  tensor(node: Node): tf.TensorInfo {
    const dataId = {};
    const entry = { node, references: 1 };
    this.entries.set(dataId, entry);
    if (!this.recording && !isKnown(node) && !isOp(node, 'Leaf')) this.pending.add(entry);
    return { dataId, shape: [...node.shape], dtype: node.dtype as tf.DataType };
  }

  /** A tensor that shares the data of another, of the same shape and dtype. */
  alias({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /** A placeholder for an input of a step or a state variable. */
  placeholder(name: string, shape: readonly number[], dtype: DType): tf.Tensor {
    const { dataId } = this.tensor(leaf(name, shape, dtype));
    return tf.engine().makeTensorFromDataId(dataId, [...shape], dtype as tf.DataType, this);
  }

  /** Records everything that `f` does. */
  record<T>(f: () => T): T {
    this.recording = true;
    try {
      return f();
    } finally {
      this.recording = false;
    }
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    if (dtype === 'string' || dtype === 'complex64') throw new Error(`${dtype} tensors are not supported`);
    const node = leaf('value', shape, dtype, { values: typed(values as ArrayLike<number>, dtype) });
    this.entries.set(dataId, { node, references });
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const { node } = this.entries.get(dataId);
    if (!isKnown(node)) {
      if (this.recording) evaluate([node]);
      else this.flush(node);
    }
    return valuesOf(node) as Float32Array;
  }

  /** The numbers of a tensor, in an array of the caller's own. */
  copyOf(tensor: tf.Tensor): Values {
    const { node } = this.entries.get(tensor.dataId);
    const values = tensor.dataSync() as Values;
    // Made for this reading.
    return isOp(node, 'Fill') ? values : values.slice();
  }

  /** Computes all pending nodes, or, if one of them fails, only `node`. */
  private flush(node: Node): void {
    const pending = [...this.pending].map((entry) => entry.node);
    this.pending.clear();
    try {
      evaluate([...pending, node]);
    } catch {
      evaluate([node]);
    }
  }

  /** Reads immediately: the tensor may be disposed before the promise is awaited. */
  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.entries.has(dataId)) return true;
    const entry = this.entries.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.pending.delete(entry);
    this.entries.delete(dataId);
    return true;
  }

  override incRef(dataId: tf.DataId): void {
    this.entries.get(dataId).references++;
  }
  override refCount(dataId: tf.DataId): number {
    return this.entries.has(dataId) ? this.entries.get(dataId).references : 0;
  }
  override numDataIds(): number {
    return this.entries.numDataIds();
  }
  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: true, reasons: ['tensors are computed lazily'] };
  }
  override floatPrecision(): 16 | 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return true;
  }
  override async time(f: () => void): Promise<{ kernelMs: number }> {
    const start = performance.now();
    f();
    return { kernelMs: performance.now() - start };
  }
  override dispose(): void {}
}

let backend: GraphBackend | undefined;

/** Makes the backend the current one of TensorFlow.js, registering it on the first call. */
export function activateBackend(): GraphBackend {
  if (!backend) {
    const created = (backend = new GraphBackend());
    tf.registerBackend(BACKEND, () => created);
    for (const [name, row] of Object.entries(kernels)) registerKernel(created, name, row as Lowering | Refusal);
  }
  // Takes effect at once: only the result is a promise.
  void tf.setBackend(BACKEND);
  return backend;
}

function registerKernel(backend: GraphBackend, kernelName: string, row: Lowering | Refusal): void {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      if ('refused' in row) {
        const layer = currentLayer();
        throw new ModelError(`${kernelName}${layer ? ` of layer "${layer}"` : ''} is not supported: ${row.refused}.`);
      }
      const given = Object.entries(inputs).filter(([, info]) => info) as [string, tf.TensorInfo][];
      const nodes = Object.fromEntries(given.map(([name, info]) => [name, backend.node(info)]));
      const result = row(nodes, attrs ?? {});
      const tensor = (node: Node): tf.TensorInfo => {
        const same = given.find(([name]) => nodes[name] === node)?.[1];
        return same ? backend.alias(same) : backend.tensor(sizeOf(node.shape) > 0 ? node : empty(node));
      };
      return Array.isArray(result) ? result.map(tensor) : tensor(result as Node);
    },
  });
}

/** A tensor without elements, which some operators of ONNX Runtime cannot handle, becomes a constant. */
const empty = ({ shape, dtype }: Node): Node => fill(0, shape, dtype);

const isKnown = (node: Node): boolean => node.data !== null || isOp(node, 'Constant') || isOp(node, 'Fill');

function valuesOf(node: Node): Values {
  if (node.data) return node.data.values;
  if (isOp(node, 'Constant')) return node.attributes.values;
  if (isOp(node, 'Fill')) return filled(node.attributes.value, sizeOf(node.shape), node.dtype);
  throw new Error(`${node.op} has no value`);
}

function typed(values: ArrayLike<number>, dtype: 'float32' | 'int32' | 'bool'): Values {
  const array = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return values instanceof array ? values : array.from(values);
}
