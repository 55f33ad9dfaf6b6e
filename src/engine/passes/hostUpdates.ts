// Splits the updates of variables off a graph. An optimizer's update is a chain of elementwise operations on large
// arrays. As operations of ONNX, each passes over memory; here, all of a variable become one loop in WebAssembly
// (../wasm/encodeKernel.ts), which runs after the graph and updates the variables in place.
import { fillValue, isOp, topologicalOrder, withoutReshapes, type Node } from '../graph/node';
import type { Op } from '../graph/ops';
import { sizeOf } from '../graph/shapes';
import type { Instruction } from '../wasm/encodeKernel';

/** The update of variables of one size, with the results of the graph that it needs. */
export interface HostUpdate {
  /** Number of elements of each variable. */
  readonly size: number;
  /** The parameters of its kernel: variables, arrays of the same size, and single numbers. */
  readonly parameters: readonly Node[];
  readonly instructions: readonly Instruction[];
  /** Variables that it writes; they are among the parameters. */
  readonly written: readonly Node[];
}

const operations = {
  ...{ Add: 'add', Sub: 'sub', Mul: 'mul', Div: 'div', Max: 'largest', Min: 'smallest' },
  ...{ Sqrt: 'sqrt', Neg: 'neg', Abs: 'abs' },
} as const satisfies Partial<Record<Op, Instruction['op']>>;

const size = (node: Node): number => sizeOf(node.shape);
/** Reshapes do not matter to elementwise operations. */
const content = withoutReshapes;

/**
 * The updates among `writes`, the next values of variables by their leaves. A variable is left out if its next value is
 * not computed elementwise from variables and results of the graph.
 */
export function hostUpdates(writes: ReadonlyMap<Node, Node>, variables: ReadonlySet<Node>): HostUpdate[] {
  const updates = [...writes].flatMap(([variable, value]) => {
    const n = size(variable);
    const found = n > 1 && variable.dtype === 'float32' ? variablesOf(value, n, variables) : undefined;
    return found ? [{ variable, value, reads: [...found, variable] }] : [];
  });
  const groups: (typeof updates)[] = [];
  for (const update of updates) {
    // Updates that read or write the same variable are one, since the variables are updated in place.
    const related = groups.filter((group) => group.some(({ reads }) => reads.some((v) => update.reads.includes(v))));
    for (const group of related) groups.splice(groups.indexOf(group), 1);
    groups.push([...related.flat(), update]);
  }
  return groups.map((group) =>
    updateOf(
      group.map(({ variable, value }) => [variable, value]),
      variables,
    ),
  );
}

/**
 * The variables that `value` is computed from elementwise. Undefined if the last operation is not supported, or if the
 * value does not depend on any variable, or on an input of the step in full size.
 */
function variablesOf(value: Node, n: number, variables: ReadonlySet<Node>): readonly Node[] | undefined {
  if (!isSupported(content(value), n)) return undefined;
  const { operands } = computationOf(n, variables)(value);
  const leaves = [...operands].filter((node) => isOp(node, 'Leaf'));
  const found = leaves.filter((node) => variables.has(node));
  return found.length > 0 && found.length === leaves.length ? found : undefined;
}

/** Whether a kernel has this operation, with operands of the same size or of single numbers. */
function isSupported(node: Node, n: number): boolean {
  const known = node.op in operations || isOp(node, 'Clip');
  return (
    known && size(node) === n && node.dtype === 'float32' && node.inputs.every((i) => size(i) === n || isNumber(i))
  );
}

const isNumber = (node: Node): boolean => size(node) === 1 && node.dtype === 'float32';

interface Computation {
  /** The arrays that it is computed from: variables, and results of the graph. */
  readonly operands: ReadonlySet<Node>;
  /** Whether the kernel computes it, instead of the graph. */
  readonly inKernel: boolean;
}

/**
 * Decides what kernels compute: all that depends on variables, and functions of a single array, such as g² of a
 * gradient, because they need no other array.
 */
function computationOf(n: number, variables: ReadonlySet<Node>): (node: Node) => Computation {
  const known = new Map<Node, Computation>();
  const compute = (node: Node): Computation => {
    const own = { operands: new Set([node]), inKernel: false };
    if (!isSupported(node, n)) return own;
    const arrays = node.inputs.map(content).filter((input) => size(input) === n && fillValue(input) === undefined);
    const operands = new Set(arrays.flatMap((input) => [...known.get(input)!.operands]));
    const isOfOne = operands.size === 1;
    return isOfOne || [...operands].some((operand) => variables.has(operand)) ? { operands, inKernel: true } : own;
  };
  return (root) => {
    const inputs = (node: Node): readonly Node[] => (isSupported(node, n) ? node.inputs.map(content) : []);
    for (const node of topologicalOrder([content(root)], inputs)) if (!known.has(node)) known.set(node, compute(node));
    return known.get(content(root))!;
  };
}

function updateOf(writes: readonly (readonly [Node, Node])[], variables: ReadonlySet<Node>): HostUpdate {
  const n = size(writes[0][0]);
  const computation = computationOf(n, variables);
  const parameters: Node[] = [];
  const instructions: Instruction[] = [];
  const values = new Map<Node, number>();
  const parameter = (node: Node): number => {
    if (!parameters.includes(node)) parameters.push(node);
    return parameters.indexOf(node);
  };
  const add = (instruction: Instruction): number => instructions.push(instruction) - 1;
  const emit = (node: Node): number => {
    const constant = fillValue(node);
    if (constant !== undefined) return add({ op: 'constant', value: constant });
    if (size(node) !== n) return add({ op: 'splat', parameter: parameter(node) });
    if (!computation(node).inKernel) return add({ op: 'load', parameter: parameter(node) });
    const inputs = node.inputs.map((input) => values.get(content(input))!);
    if (isOp(node, 'Clip')) {
      const { min, max } = node.attributes;
      const above = add({ op: 'largest', inputs: [inputs[0], add({ op: 'constant', value: min })] });
      return add({ op: 'smallest', inputs: [above, add({ op: 'constant', value: max })] });
    }
    return add({ op: operations[node.op as keyof typeof operations], inputs } as unknown as Instruction);
  };
  const operandsOf = (node: Node): readonly Node[] =>
    size(node) === n && computation(node).inKernel ? node.inputs.map(content) : [];
  const results = writes.map(([, value]) => content(value));
  for (const node of topologicalOrder(results, operandsOf)) values.set(node, emit(node));
  // Stored at last, when all old values have been read.
  writes.forEach(([variable], i) => {
    add({ op: 'store', parameter: parameter(variable), inputs: [values.get(results[i])!] });
  });
  return { size: n, parameters, instructions, written: writes.map(([variable]) => variable) };
}
