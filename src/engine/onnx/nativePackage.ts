// The only place that loads ONNX Runtime's native package, here or in a child process: with its telemetry switched off.
import { execFile, type ExecFileException } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type * as Koffi from 'koffi';
import type * as Ort from 'onnxruntime-node';
import type * as Binding from 'onnxruntime-node/dist/binding.js';

/**
 * Since version 1.29 the library keeps a store of events in the home and temporary folders and uploads them to its
 * maker, unless it finds this in the environment when it starts.
 */
export const noTelemetry = { ORT_DISABLE_TELEMETRY: '1' } as const;

export interface NativePackage {
  readonly ort: typeof Ort;
  /** Its private binding. */
  readonly binding: typeof Binding;
  /** File of the library itself. */
  readonly library: string;
}

/** Level of the library's log: only fatal errors, since all errors are thrown as well. */
export const LOG_FATAL = 4;

/** Its files, as the binding of each platform names them. */
const libraries: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

/** @throws if the package is not installed, or its native library does not load */
export function loadNativePackage(): NativePackage {
  // A worker thread has a copy of the environment, which the library does not read.
  if (!isMainThread) throw new Error('assertion failed: the native package is loaded in a worker thread');
  Object.assign(process.env, noTelemetry);
  const require = createRequire(__filename);
  return {
    ort: require('onnxruntime-node') as typeof Ort,
    binding: require('onnxruntime-node/dist/binding.js') as typeof Binding,
    library: path.resolve(
      require.resolve('onnxruntime-node'),
      `../../bin/napi-v6/${process.platform}/${process.arch}`,
      libraries[process.platform] ?? 'unknown platform',
    ),
  };
}

/** The package that calls C functions. @throws if it is not installed */
export const requireKoffi = (): typeof Koffi => createRequire(__filename)('koffi') as typeof Koffi;

export interface ScriptOutput {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a script in a child process, so that a crash of a driver ends only the child. It finds the path of the package
 * at argv[1]. Null if the package is not installed.
 */
export function runWithNativePackage(script: string): Promise<ScriptOutput | null> {
  let entry: string;
  try {
    entry = createRequire(__filename).resolve('onnxruntime-node');
  } catch {
    return Promise.resolve(null);
  }
  const options = { timeout: 60_000, maxBuffer: 1 << 24, env: { ...process.env, ...noTelemetry } };
  return new Promise((resolve) => {
    execFile(process.execPath, ['-e', script, entry], options, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    );
  });
}
