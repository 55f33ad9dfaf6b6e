// Encodes a graph as an ONNX model (opset 19).
import Pbf from 'pbf';
import { isOp, type Node } from '../graph/node';
import type { Attributes, DType, Op, TensorType, Values } from '../graph/ops';
import { sameShape, sizeOf, type Shape } from '../graph/shapes';

/** A graph to encode, in topological order, with the names of its inputs and outputs. */
export interface Model {
  readonly order: readonly Node[];
  readonly inputs: ReadonlyMap<Node, string>;
  readonly outputs: ReadonlyMap<string, Node>;
  /** Shapes that depend on the batch size, with -1 for the first dimension of the first input. */
  readonly dynamicShapes?: ReadonlyMap<Node, Shape>;
  /** Description of an exported file. */
  readonly info?: ModelInfo;
}

export interface ModelInfo {
  /** Name of the graph, an identifier. */
  readonly name: string;
  readonly version: string;
  readonly text: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of constants; others are numbered. */
  readonly constants: ReadonlyMap<Values, string>;
}

type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string };

/** An operation in ONNX: its attributes, and constants that are additional inputs. */
interface Encoding {
  readonly op?: string;
  /** Of an operation that is not ONNX's. */
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly operands?: readonly Operand[];
  /** For an operation with several outputs: their number, and which of them is the node. */
  readonly output?: { readonly of: number; readonly at: number };
}
interface Operand {
  readonly values: Values;
  readonly shape: Shape;
  readonly dtype: DType;
}

const int = (value: number | boolean): Attribute => ({ int: Number(value) });
const real = (value: number): Attribute => ({ float: value });
const ints = (values: readonly number[]): Attribute => ({ ints: values });
const text = (value: string): Attribute => ({ text: value });
const indices = (values: readonly number[]): Operand => ({
  values: BigInt64Array.from(values, BigInt),
  shape: [values.length],
  dtype: 'int64',
});
const scalarOf = (value: number, dtype: DType): Operand => ({ values: filled(value, 1, dtype), shape: [], dtype });

const reduction = ({ axes, keepDims }: Attributes['ReduceSum']): Encoding => ({
  attributes: { keepdims: int(keepDims) },
  operands: [indices(axes)],
});
const argument = ({ axis }: Attributes['ArgMax']): Encoding => ({ attributes: { axis: int(axis), keepdims: int(0) } });
const axis = ({ axis }: { readonly axis: number }): Encoding => ({ attributes: { axis: int(axis) } });
const sliding = ({ strides, dilations, pads, group = 1 }: Attributes['Conv']): Encoding => ({
  attributes: { strides: ints(strides), dilations: ints(dilations), pads: ints(pads), group: int(group) },
});
const pooling = ({ kernel, strides, pads }: Attributes['MaxPool']): Encoding => ({
  attributes: { kernel_shape: ints(kernel), strides: ints(strides), pads: ints(pads) },
});
const largest =
  (at: number) =>
  ({ k }: Attributes['TopK']): Encoding => ({
    attributes: { axis: int(-1) },
    operands: [indices([k])],
    output: { of: 2, at },
  });
const to = { float32: 1, int32: 6, int64: 7, bool: 9 } as const satisfies Record<DType, number>;

/** The domain of ONNX Runtime's own operations. */
const ONNX_RUNTIME = 'com.microsoft';

/** In ONNX, a slice with a negative step that includes index 0 ends at a large negative number. */
const BEFORE_START = -(2 ** 40);

type Encoder<K extends Op> = (attributes: Attributes[K], node: Node<K>) => Encoding;
const encoders: { readonly [K in Op]?: Encoder<K> } = {
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceProd: reduction,
  ReduceMax: reduction,
  ReduceMin: reduction,
  ArgMax: argument,
  ArgMin: argument,
  Softmax: axis,
  LogSoftmax: axis,
  Concat: axis,
  Gather: axis,
  ScatterND: ({ reduction }) => ({ attributes: { reduction: text(reduction) } }),
  TopK: largest(0),
  TopKIndices: (a) => ({ op: 'TopK', ...largest(1)(a) }),
  Einsum: ({ equation }) => ({ attributes: { equation: text(equation) } }),
  LeakyRelu: ({ alpha }) => ({ attributes: { alpha: real(alpha) } }),
  Selu: ({ alpha, gamma }) => ({ attributes: { alpha: real(alpha), gamma: real(gamma) } }),
  Clip: ({ min, max }, { dtype }) => ({ operands: [scalarOf(min, dtype), scalarOf(max, dtype)] }),
  Mod: ({ fmod }) => ({ attributes: { fmod: int(fmod) } }),
  Cast: (a) => ({ attributes: { to: int(to[a.to]) } }),
  Reshape: ({ shape }) => ({ attributes: { allowzero: int(1) }, operands: [indices(shape)] }),
  Transpose: ({ perm }) => ({ attributes: { perm: ints(perm) } }),
  Expand: ({ shape }) => ({ operands: [indices(shape)] }),
  Tile: ({ repeats }) => ({ operands: [indices(repeats)] }),
  Slice: ({ starts, sizes, steps }, { inputs: [x] }) => {
    const axes = starts.flatMap((s, i) => (s === 0 && sizes[i] === x.shape[i] && steps[i] === 1 ? [] : [i]));
    const end = (i: number): number => starts[i] + sizes[i] * steps[i];
    const ends = axes.map((i) => (end(i) < 0 ? BEFORE_START : end(i)));
    return { operands: [axes.map((i) => starts[i]), ends, axes, axes.map((i) => steps[i])].map(indices) };
  },
  Split: ({ sizes, at }) => ({
    op: 'Split',
    attributes: { axis: int(0) },
    operands: [indices(sizes)],
    output: { of: sizes.length, at },
  }),
  Pad: ({ before, after, value }, { dtype }) => ({
    operands: [indices([...before, ...after]), scalarOf(value, dtype)],
  }),
  CumSum: ({ axis, exclusive, reverse }) => ({
    attributes: { exclusive: int(exclusive), reverse: int(reverse) },
    operands: [{ ...indices([axis]), shape: [] }],
  }),
  Gemm: ({ transA, transB, activation }) => {
    const flags = { transA: int(transA), transB: int(transB) };
    if (!activation) return { attributes: flags };
    const { op, ...parameters } = activation;
    const given = Object.entries(parameters).map(([name, value]) => [`activation_${name}`, real(value)] as const);
    const attributes = { ...flags, activation: text(op), ...Object.fromEntries(given) };
    return { op: 'FusedGemm', domain: ONNX_RUNTIME, attributes };
  },
  Conv: sliding,
  ConvTranspose: (a) => ({
    attributes: { ...sliding(a).attributes, output_padding: ints(a.outputPadding) },
  }),
  MaxPool: pooling,
  AveragePool: pooling,
};

/** The bytes of the model. All operations must have been lowered to ONNX operators. */
export function encodeModel(model: Model): Uint8Array {
  const names = new Map<Node, string>(model.inputs);
  const outputsOf = sharedOutputs(model.order);
  const computed = [...model.outputs].filter(
    ([, node]) => !names.has(node) && !isOp(node, 'Constant') && !isOp(node, 'Fill'),
  );
  /** Nodes that write an output directly; constants, inputs and second fetches of a node need an Identity. */
  const fetched = new Map(computed.map(([name, node]) => [node, name]));
  const initializers = new Map<string, Operand>();
  const addInitializer = (operand: Operand): string => {
    const key = operand.values.length <= 64 ? `c:${operand.dtype}[${operand.shape}]${operand.values}` : undefined;
    const givenName = model.info?.constants.get(operand.values);
    const free =
      givenName !== undefined && sameShape(initializers.get(givenName)?.shape ?? operand.shape, operand.shape);
    const name = free ? givenName : (key ?? `c${initializers.size}`);
    initializers.set(name, operand);
    return name;
  };
  const writeNodes = (_: unknown, graph: Pbf): void => {
    const shapes = new Set<string>();
    const [first] = model.inputs.values();
    /** The name of a tensor that holds a dynamic shape. */
    const shapeTensor = (shape: Shape): string => {
      const name = `shape:${shape}`;
      if (shapes.size === 0) writeNode(graph, 'Shape', [first], ['batch_size'], { start: int(0), end: int(1) });
      const parts = shape.map((d) => (d === -1 ? 'batch_size' : addInitializer(indices([d]))));
      if (!shapes.has(name)) writeNode(graph, 'Concat', parts, [name], { axis: int(0) });
      shapes.add(name);
      return name;
    };
    for (const node of model.order) {
      if (names.has(node)) continue;
      const dynamicShape = model.dynamicShapes?.get(node);
      if (dynamicShape && (isOp(node, 'Expand') || isOp(node, 'Fill'))) {
        const { dtype } = node;
        const from = isOp(node, 'Fill')
          ? addInitializer(scalarOf(node.attributes.value, dtype))
          : names.get(node.inputs[0])!;
        names.set(node, fetched.get(node) ?? `n${names.size}`);
        writeNode(graph, 'Expand', [from, shapeTensor(dynamicShape)], [names.get(node)!], {});
      } else if (isOp(node, 'Constant')) {
        names.set(node, addInitializer(node.attributes));
      } else if (isOp(node, 'Fill')) {
        const { value, shape, dtype } = node.attributes;
        names.set(node, addInitializer({ values: filled(value, sizeOf(shape), dtype), shape, dtype }));
      } else {
        const {
          op = node.op,
          domain,
          attributes = {},
          operands = [],
          output = { of: 1, at: 0 },
        } = encodingOf(node, dynamicShape);
        const inputs = [...node.inputs.map((i) => names.get(i)!), ...operands.map(addInitializer)];
        // The other outputs of the same operation are separate nodes in our graph.
        const made = outputsOf.get(node) ?? new Map([[0, node]]);
        for (const each of made.values()) names.set(each, fetched.get(each) ?? `n${names.size}`);
        const outputs = Array.from({ length: output.of }, (_, at) =>
          made.has(at) ? names.get(made.get(at)!)! : `${names.get(node)}.${at}`,
        );
        writeNode(graph, op, inputs, outputs, attributes, domain);
      }
    }
    for (const [name, node] of model.outputs)
      if (names.get(node) !== name) writeNode(graph, 'Identity', [names.get(node)!], [name], {});
    graph.writeStringField(2, model.info?.name ?? 'step');
    for (const [name, operand] of initializers) graph.writeMessage(5, writeTensor, { name, ...operand });
    for (const [node, name] of model.inputs) graph.writeMessage(11, writeValueInfo, { name, ...valueInfo(node) });
    for (const [name, node] of model.outputs) graph.writeMessage(12, writeValueInfo, { name, ...valueInfo(node) });
  };
  const valueInfo = (node: Node): TensorType => ({
    dtype: node.dtype,
    shape: model.dynamicShapes?.get(node) ?? node.shape,
  });
  const pbf = new Pbf();
  pbf.writeVarintField(1, 9); // ir_version
  pbf.writeStringField(2, 'earthmover'); // producer_name
  if (model.info) pbf.writeStringField(3, model.info.version); // producer_version
  if (model.info) pbf.writeStringField(6, model.info.text); // doc_string
  pbf.writeMessage(7, writeNodes, null); // graph
  pbf.writeMessage(8, writeOperatorSet, { domain: '', version: 19 });
  const usesRuntime = model.order.some((node) => isOp(node, 'Gemm') && node.attributes.activation);
  if (usesRuntime) pbf.writeMessage(8, writeOperatorSet, { domain: ONNX_RUNTIME, version: 1 });
  for (const entry of Object.entries(model.info?.metadata ?? {})) pbf.writeMessage(14, writeEntry, entry);
  return pbf.finish();
}

/** `dynamicShape` replaces the shape in the attributes. */
const encodingOf = (node: Node, dynamicShape?: Shape): Encoding =>
  (encoders[node.op] as Encoder<Op> | undefined)?.(
    dynamicShape ? { ...node.attributes, shape: dynamicShape } : node.attributes,
    node,
  ) ?? {};

function writeOperatorSet({ domain, version }: { domain: string; version: number }, pbf: Pbf): void {
  if (domain !== '') pbf.writeStringField(1, domain);
  pbf.writeVarintField(2, version);
}

function writeEntry([key, value]: readonly [string, string], pbf: Pbf): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

/** For an operation with several outputs, which are separate nodes: what it is, and which of them the node is. */
function partOf(node: Node): { readonly operation: string; readonly at: number } | undefined {
  const [input] = node.inputs;
  if (isOp(node, 'Split')) return { operation: `Split ${input.id} ${node.attributes.sizes}`, at: node.attributes.at };
  if (isOp(node, 'TopK')) return { operation: `TopK ${input.id} ${node.attributes.k}`, at: 0 };
  if (isOp(node, 'TopKIndices')) return { operation: `TopK ${input.id} ${node.attributes.k}`, at: 1 };
  return undefined;
}

/** The nodes that are outputs of the same operation, by number, for each of them. */
function sharedOutputs(order: readonly Node[]): ReadonlyMap<Node, ReadonlyMap<number, Node>> {
  const byOperation = new Map<string, Map<number, Node>>();
  const shared = new Map<Node, Map<number, Node>>();
  for (const node of order) {
    const part = partOf(node);
    if (!part) continue;
    const outputs = byOperation.get(part.operation) ?? new Map<number, Node>();
    byOperation.set(part.operation, outputs.set(part.at, node));
    shared.set(node, outputs);
  }
  return shared;
}

function writeNode(
  graph: Pbf,
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: object,
  domain?: string,
): void {
  const write = (_: unknown, pbf: Pbf): void => {
    for (const input of inputs) pbf.writeStringField(1, input);
    for (const output of outputs) pbf.writeStringField(2, output);
    pbf.writeStringField(4, op);
    for (const [name, value] of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, { name, value });
    if (domain !== undefined) pbf.writeStringField(7, domain);
  };
  graph.writeMessage(1, write, null);
}

function writeAttribute({ name, value }: { name: string; value: Attribute }, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  if ('float' in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, 1);
  } else if ('int' in value) {
    pbf.writeVarintField(3, value.int);
    pbf.writeVarintField(20, 2);
  } else if ('text' in value) {
    pbf.writeStringField(4, value.text);
    pbf.writeVarintField(20, 3);
  } else {
    for (const v of value.ints) pbf.writeVarintField(8, v);
    pbf.writeVarintField(20, 7);
  }
}

function writeTensor({ name, values, shape, dtype }: Operand & { name: string }, pbf: Pbf): void {
  for (const d of shape) pbf.writeVarintField(1, d);
  pbf.writeVarintField(2, to[dtype]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValueInfo({ name, ...type }: TensorType & { name: string }, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  const dimension = (d: number, p: Pbf): void => (d === -1 ? p.writeStringField(2, 'batch') : p.writeVarintField(1, d));
  const dims = (shape: Shape, p: Pbf): void => shape.forEach((d) => p.writeMessage(1, dimension, d));
  const tensor = ({ dtype, shape }: TensorType, p: Pbf): void => {
    p.writeVarintField(1, to[dtype]);
    p.writeMessage(2, dims, shape);
  };
  pbf.writeMessage(2, (t: TensorType, p: Pbf) => p.writeMessage(1, tensor, t), type);
}

/** A typed array of `size` equal values. */
export function filled(value: number, size: number, dtype: DType): Values {
  if (dtype === 'float32') return new Float32Array(size).fill(value);
  if (dtype === 'int32') return new Int32Array(size).fill(value);
  if (dtype === 'bool') return new Uint8Array(size).fill(value);
  return new BigInt64Array(size).fill(BigInt(value));
}
