// Runs an ONNX file that a user brings, such as a network that computes features of images.
import { createRequire } from 'node:module';
import type * as Ort from 'onnxruntime-common';
import { refersToFiles } from './externalData';
import { loadNativePackage } from './nativePackage';

/** An input or output. */
export interface ModelPort {
  readonly name: string;
  /** The type of its elements, such as "float32". */
  readonly type: string;
  /** Null for dimensions of any length; empty if the file does not declare the shape. */
  readonly shape: readonly (number | null)[];
}

export interface ModelFile {
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  /** Feeds one float32 input and returns one output as float32. */
  run(
    input: { readonly name: string; readonly values: Float32Array; readonly shape: readonly number[] },
    output: string,
  ): Promise<{ readonly values: Float32Array; readonly shape: readonly number[] }>;
  dispose(): Promise<void>;
}

/**
 * Opens the content of a file, on the CPU. A file that refers to others is refused. Throws an error of ONNX Runtime, or
 * of our own.
 */
export async function openModelFile(bytes: Uint8Array, threads?: number): Promise<ModelFile> {
  if (refersToFiles(bytes)) throw new Error('it refers to external data in another file');
  const { ort, provider } = loadRuntime();
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 }),
  });
  return {
    inputs: session.inputMetadata.map(portOf),
    outputs: session.outputMetadata.map(portOf),
    run: async ({ name, values, shape }, output) => {
      const results = await session.run({ [name]: new ort.Tensor('float32', values, shape) }, [output]);
      const { data, dims } = results[output];
      return {
        values: data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>),
        shape: dims,
      };
    },
    dispose: () => session.release(),
  };
}

function loadRuntime(): { readonly ort: typeof Ort; readonly provider: 'cpu' | 'wasm' } {
  try {
    return { ort: loadNativePackage().ort as typeof Ort, provider: 'cpu' };
  } catch {
    return { ort: createRequire(__filename)('onnxruntime-web') as typeof Ort, provider: 'wasm' };
  }
}

function portOf(port: Ort.InferenceSession.ValueMetadata): ModelPort {
  if (!port.isTensor) return { name: port.name, type: 'not a tensor', shape: [] };
  const shape = port.shape.map((length) => (typeof length === 'number' && length > 0 ? length : null));
  return { name: port.name, type: port.type, shape };
}
