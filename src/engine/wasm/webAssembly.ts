// WebAssembly, which the types of Node.js do not declare.

export interface Memory {
  readonly buffer: ArrayBuffer;
}

interface WebAssembly {
  readonly Memory: new (size: { initial: number; maximum: number }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { host: { memory: Memory } },
  ) => { readonly exports: Readonly<Record<string, (...args: number[]) => void>> };
}

const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssembly }).WebAssembly;

const PAGE = 2 ** 16;
const MAX_PAGES = 2 ** 16;

/** A memory of this size, which never grows. Undefined if it cannot be had, or needs addresses of more than 32 bits. */
export function allocate(bytes: number): Memory | undefined {
  const pages = Math.ceil(bytes / PAGE);
  if (pages > MAX_PAGES) return undefined;
  try {
    return new Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The function "run" of a module that works on `memory`. */
export const load = (module: Uint8Array, memory: Memory): ((...args: number[]) => void) =>
  new Instance(new Module(module), { host: { memory } }).exports.run;
