// Encodes an elementwise computation as a WebAssembly module that loops over float32 arrays, four numbers at a time. It
// passes over memory once, however many operations it has.

/** A value of the computation, by the number of an earlier instruction. */
type Value = number;

export type Instruction =
  /** Four numbers of the array of this parameter. */
  | { readonly op: 'load'; readonly parameter: number }
  /** The one number at the address of this parameter, for all elements. */
  | { readonly op: 'splat'; readonly parameter: number }
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: UnaryInstruction; readonly inputs: readonly [Value] }
  | { readonly op: BinaryInstruction; readonly inputs: readonly [Value, Value] }
  | { readonly op: 'store'; readonly parameter: number; readonly inputs: readonly [Value] };

type UnaryInstruction = keyof typeof unary;
type BinaryInstruction = keyof typeof binary;

/** Numbers of SIMD instructions on four float32. Each rounds as IEEE arithmetic demands. */
const unary = { abs: 0xe0, neg: 0xe1, sqrt: 0xe3 } as const;
/** `largest` and `smallest` return the first operand if one is NaN. */
const binary = { add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7, smallest: 0xea, largest: 0xeb } as const;
const [V128_LOAD, V128_LOAD32_SPLAT, V128_STORE, V128_CONST] = [0x00, 0x09, 0x0b, 0x0c];

/** Bytes that the loop advances by; arrays are padded to a multiple. */
export const STRIDE = 16;

const [I32, V128] = [0x7f, 0x7b];
const [LOOP, END, BR_IF, VOID] = [0x03, 0x0b, 0x0d, 0x40];
const [LOCAL_GET, LOCAL_SET, LOCAL_TEE] = [0x20, 0x21, 0x22];
const [I32_CONST, I32_LT_U, I32_ADD] = [0x41, 0x49, 0x6a];

/**
 * The bytes of a module that imports a memory as "host" "memory" and exports "run": its first argument is the number of
 * bytes of all arrays, a positive multiple of `STRIDE`, the others are the addresses of the parameters.
 */
export function encodeKernel(parameters: number, instructions: readonly Instruction[]): Uint8Array {
  const [bytes, at] = [0, parameters + 1];
  const valueLocal = (value: Value): number => at + 1 + value;
  const get = (local: number): number[] => [LOCAL_GET, ...unsigned(local)];
  const address = (parameter: number): number[] => [...get(parameter + 1), ...get(at), I32_ADD];
  const simd = (number: number): number[] => [0xfd, ...unsigned(number)];
  const memory = (number: number): number[] => [...simd(number), 2, 0]; // aligned to four bytes, without an offset
  const compute = (instruction: Instruction, value: Value): number[] => {
    const set = [LOCAL_SET, ...unsigned(valueLocal(value))];
    switch (instruction.op) {
      case 'load':
        return [...address(instruction.parameter), ...memory(V128_LOAD), ...set];
      case 'splat':
        return [...get(instruction.parameter + 1), ...memory(V128_LOAD32_SPLAT), ...set];
      case 'constant': {
        const four = new Uint8Array(Float32Array.from({ length: 4 }, () => instruction.value).buffer);
        return [...simd(V128_CONST), ...four, ...set];
      }
      case 'store':
        return [...address(instruction.parameter), ...get(valueLocal(instruction.inputs[0])), ...memory(V128_STORE)];
      default: {
        const { op, inputs } = instruction;
        const number = op in unary ? unary[op as UnaryInstruction] : binary[op as BinaryInstruction];
        return [...inputs.flatMap((input) => get(valueLocal(input))), ...simd(number), ...set];
      }
    }
  };
  // What does not change in the loop is computed before it.
  const isFixed = ({ op }: Instruction): boolean => op === 'splat' || op === 'constant';
  const code = (fixed: boolean): number[] =>
    instructions.flatMap((instruction, i) => (isFixed(instruction) === fixed ? compute(instruction, i) : []));
  const next = [...get(at), I32_CONST, ...signed(STRIDE), I32_ADD, LOCAL_TEE, ...unsigned(at)];
  const again = [...get(bytes), I32_LT_U, BR_IF, 0];
  const loop = [LOOP, VOID, ...code(false), ...next, ...again, END];
  const locals = vector([
    [...unsigned(1), I32],
    [...unsigned(instructions.length), V128],
  ]);
  const types = Array.from({ length: parameters + 1 }, () => [I32]);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, vector([[0x60, ...vector(types), ...vector([])]])),
    ...section(2, vector([[...name('host'), ...name('memory'), 2, 0, 1]])), // a memory of at least one page
    ...section(3, vector([[0]])),
    ...section(7, vector([[...name('run'), 0, 0]])),
    ...section(10, vector([sized([...locals, ...code(true), ...loop, END])])),
  ]);
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const name = (text: string): number[] => sized([...Buffer.from(text)]);

/** LEB128 */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** LEB128 of a number below 64. */
const signed = (value: number): number[] => [value];
