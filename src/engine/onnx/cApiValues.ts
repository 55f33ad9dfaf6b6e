// Tensors as the C API has them: values that point to an array of JavaScript or to memory of a device.
import type { DType, Values } from '../graph/ops';
import { sizeOf, type Shape } from '../graph/shapes';
import type { Address } from './cApi';
import { cApiLibrary } from './cApiLibrary';
import type { Tensor } from './runtime';

/** Element types by their number in ONNX. */
const elementTypes = {
  float32: { number: 1, array: Float32Array },
  int32: { number: 6, array: Int32Array },
  int64: { number: 7, array: BigInt64Array },
  bool: { number: 9, array: Uint8Array },
} as const;

/** The value of each tensor that was passed to a session or is in device memory. */
const values = new WeakMap<Tensor, Address>();

/** Releases values whose tensor was collected: they do not own its array. */
const releaser = new FinalizationRegistry<Address>((value) => cApiLibrary().api.ReleaseValue(value));

export const hostTensor = (dtype: DType, array: Values, shape: Shape): Tensor =>
  new (cApiLibrary().ort.Tensor)(dtype, array as Float32Array, [...shape]);

/** A tensor in the memory of an allocator; its numbers are undefined. It is freed by `dispose`. */
export function deviceTensor(allocator: Address, dtype: DType, shape: Shape): Tensor {
  const { api, ort } = cApiLibrary();
  const { number } = elementTypes[dtype];
  const value = api.make(api.CreateTensorAsOrtValue, allocator, dimensions(shape), shape.length, number);
  const handle = {} as Parameters<typeof ort.Tensor.fromGpuBuffer>[0];
  const options = { dataType: dtype as 'float32', dims: [...shape], dispose: () => api.ReleaseValue(value) };
  const tensor = ort.Tensor.fromGpuBuffer(handle, options);
  values.set(tensor, value);
  return tensor;
}

export function valueOf(tensor: Tensor): Address {
  const known = values.get(tensor);
  if (known !== undefined) return known;
  const { api, hostMemory } = cApiLibrary();
  const array = tensor.data as Values;
  // A small array has no buffer until it is asked for it, and moves in memory.
  void array.buffer;
  const { number } = elementTypes[tensor.type as DType];
  const [shape, rank] = [dimensions(tensor.dims), tensor.dims.length];
  const create = api.CreateTensorWithDataAsOrtValue;
  const value = api.make(create, hostMemory, array, array.byteLength, shape, rank, number);
  values.set(tensor, value);
  releaser.register(tensor, value);
  return value;
}

const dimensions = (shape: Shape): BigInt64Array => BigInt64Array.from(shape, BigInt);

/** A tensor with a copy of the numbers of a value in host memory, which is released. */
export function takeValue(value: Address): Tensor {
  const { api } = cApiLibrary();
  const info = api.make(api.GetTensorTypeAndShape, value);
  const rank = Number(api.make(api.GetDimensionsCount, info));
  const dims = new BigInt64Array(rank);
  api.GetDimensions(info, dims, rank);
  const number = Number(api.make(api.GetTensorElementType, info));
  api.ReleaseTensorTypeAndShapeInfo(info);
  const found = Object.entries(elementTypes).find(([, type]) => type.number === number);
  if (!found) throw new Error(`assertion failed: an output has elements of type ${number}`);
  const [dtype, { array }] = found as [DType, { array: typeof Float32Array }];
  const shape = [...dims].map(Number);
  const data = api.copy(api.make(api.GetTensorMutableData, value), sizeOf(shape) * array.BYTES_PER_ELEMENT);
  api.ReleaseValue(value);
  return hostTensor(dtype, new array(data), shape);
}

/** Copies the numbers of tensors to others of the same shapes, from host to device memory or back. */
export function copyTensors(pairs: readonly (readonly [from: Tensor, to: Tensor])[]): void {
  if (pairs.length === 0) return;
  const { api, env } = cApiLibrary();
  const [from, to] = [0, 1].map((side) => BigUint64Array.from(pairs, (pair) => valueOf(pair[side])));
  api.CopyTensors(env, from, to, null, pairs.length);
}
