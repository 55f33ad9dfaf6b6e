// Tries native packages in a child process: a crash while loading ends only the child.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { bundleFile } from './bundlePaths';
import { runWithNativePackage, type ScriptOutput } from '../engine/onnx/nativePackage';
import { findTensorflow } from '../engine/tensorflow/findPackage';

/** The result of a probe: what the package returned, or what is wrong. */
export type Probe<T> = { readonly found: T } | { readonly problem: string };

/** Loads ONNX Runtime and multiplies [[1,2],[3,4]] by itself with a model of 74 bytes. */
export async function probeOnnxRuntime(): Promise<Probe<{ version: string; backends: string[] }>> {
  const model = 'CAhCBAoAEA06QAoRCgF4CgF4EgF5IgZNYXRNdWwSAWdaEwoBeBIOCgwIARIICgIIAgoCCAJiEwoBeRIOCgwIARIICgIIAgoCCAI=';
  const output = await runWithNativePackage(
    script(`const ort = require(process.argv[1]);
     const session = await ort.InferenceSession.create(Buffer.from('${model}', 'base64'));
     const x = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]);
     const { y } = await session.run({ x });
     if (String([...y.data]) !== '7,10,15,22') throw new Error('wrong result: ' + [...y.data]);
     const backends = ort.listSupportedBackends().filter(({ bundled }) => bundled).map(({ name }) => name);
     return { version: ort.env.versions.node, backends };`),
  );
  return output === null ? notInstalled : answerOf(output);
}

/** Loads sharp and encodes an image of one pixel. */
export function probeSharp(): Promise<Probe<{ version: string; vips: string }>> {
  return probe(
    'sharp',
    `const sharp = require(process.argv[1]);
     await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).png().toBuffer();
     return { version: sharp.versions.sharp, vips: sharp.versions.vips };`,
  );
}

/** Whether the WebAssembly version of ONNX Runtime is installed. */
export const findOnnxWeb = (): boolean => resolvePackage('onnxruntime-web') !== undefined;

/** Runs the body of an async function in a child process with the path of the package as argv[1]; it returns JSON. */
async function probe<T>(name: string, body: string): Promise<Probe<T>> {
  const file = resolvePackage(name);
  if (!file) return notInstalled;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['-e', script(body), file],
      { timeout: 60_000, maxBuffer: 1 << 20 },
      (error, stdout, stderr) => resolve(answerOf({ error, stdout, stderr })),
    );
  });
}

const notInstalled = { problem: 'the package is not installed' } as const;

const script = (body: string): string =>
  `(async () => { ${body} })().then((found) => console.log('found ' + JSON.stringify(found)), (error) => { console.error(error.message); process.exitCode = 1; });`;

function answerOf<T>({ error, stdout, stderr }: ScriptOutput): Probe<T> {
  const answer = /^found (.*)$/m.exec(stdout);
  if (answer && !error) return { found: JSON.parse(answer[1]) as T };
  return { problem: stderr.trim().split('\n')[0] || `it exited with ${error?.signal ?? error?.code}` };
}

function resolvePackage(name: string): string | undefined {
  try {
    return createRequire(bundleFile).resolve(name);
  } catch {
    return undefined;
  }
}

/** A native part of TensorFlow's package for Node, as an archive on its publisher's server. */
export interface TensorflowPart {
  readonly title: string;
  readonly url: string;
  /** Folder in the package into which the archive is unpacked. */
  readonly into: string;
}

const VERSION = { library: '2.9.1', package: '4.22.0' } as const;

/** The URL of the publisher, or the mirror that the package's own install script would use. */
const host = (env: NodeJS.ProcessEnv): string =>
  (env.TFJS_NODE_CDN_STORAGE ?? 'https://storage.googleapis.com').replace(/\/*$/, '/');

/** Both parts for CUDA 11; null if there are none for this platform. */
export function tensorflowParts(
  platform: string = process.platform,
  arch: string = process.arch,
  env: NodeJS.ProcessEnv = process.env,
): readonly TensorflowPart[] | null {
  const known: Readonly<Record<string, readonly [name: string, ending: string]>> = {
    'linux-x64': ['linux', 'tar.gz'],
    'win32-x64': ['windows', 'zip'],
  };
  const found = known[`${platform}-${arch}`];
  if (!found) return null;
  const [name, ending] = found;
  return [
    {
      title: `libtensorflow ${VERSION.library}`,
      url: `${host(env)}tensorflow/libtensorflow/libtensorflow-gpu-${name}-x86_64-${VERSION.library}.${ending}`,
      into: 'deps',
    },
    {
      title: `tfjs-node-gpu addon ${VERSION.package}`,
      url: `${host(env)}tf-builds/pre-built-binary/napi-v8/${VERSION.package}/GPU-${name}-${VERSION.package}.${ending}`,
      into: 'lib/napi-v8',
    },
  ];
}

export interface TensorflowState {
  /** Version of TensorFlow; null if it does not load. */
  readonly version: string | null;
  /** Whether it found a GPU. */
  readonly gpu: boolean;
  /** CUDA libraries that it did not find. */
  readonly missing: readonly string[];
  /** Why it does not load; null if it does. */
  readonly problem: string | null;
  /** How to install it; '' if it is installed. */
  readonly todo: string;
}

const SCRIPT = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const tf = require(process.argv[1]);
const backend = tf.backend();
const state = { version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice };
process.stdout.write('\\nfound ' + JSON.stringify(state) + '\\n', () => process.exit(0));
`;

/** Loads TensorFlow in a child process and reads its messages about CUDA. */
export function probeTensorflow(): Promise<TensorflowState> {
  const { folder, problem, todo } = findTensorflow();
  const none = { version: null, gpu: false, missing: [], todo };
  if (folder === null || problem !== null) return Promise.resolve({ ...none, problem });
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0', TF_FORCE_GPU_ALLOW_GROWTH: 'true' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['-e', SCRIPT, folder],
      { env, timeout: 60_000, maxBuffer: 1 << 22 },
      (error, stdout, stderr) => {
        const missing = [
          ...new Set([...stderr.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name)),
        ];
        const found = /^found (.*)$/m.exec(stdout);
        if (found)
          return resolve({
            ...(JSON.parse(found[1]) as { version: string; gpu: boolean }),
            ...{ missing, problem: null, todo },
          });
        const reason =
          /^(?:\w*Error: )(.*)$/m.exec(stderr)?.[1] ?? `it exited with ${error?.signal ?? error?.code ?? 'no output'}`;
        resolve({ ...none, missing, problem: `its native library in ${folder} does not load (${reason})` });
      },
    );
  });
}
