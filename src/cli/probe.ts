// Tries native packages in a process of their own: one that crashes while it loads takes only that process with it.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { bundleFile } from './paths';

/** What a probe found: the package's answer, or why there is none. */
export type Probe<T> = { readonly found: T } | { readonly problem: string };

/** Loads ONNX Runtime and lets it multiply [[1,2],[3,4]] with itself, by a model of 74 bytes. */
export function probeOnnxRuntime(): Promise<Probe<{ version: string; backends: string[] }>> {
  const model = 'CAhCBAoAEA06QAoRCgF4CgF4EgF5IgZNYXRNdWwSAWdaEwoBeBIOCgwIARIICgIIAgoCCAJiEwoBeRIOCgwIARIICgIIAgoCCAI=';
  return probe(
    'onnxruntime-node',
    `const ort = require(process.argv[1]);
     const session = await ort.InferenceSession.create(Buffer.from('${model}', 'base64'));
     const x = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]);
     const { y } = await session.run({ x });
     if (String([...y.data]) !== '7,10,15,22') throw new Error('it computes wrongly: ' + [...y.data]);
     const backends = ort.listSupportedBackends().filter(({ bundled }) => bundled).map(({ name }) => name);
     return { version: ort.env.versions.node, backends };`,
  );
}

/** Loads sharp and lets it write a picture of one pixel. */
export function probeSharp(): Promise<Probe<{ version: string; vips: string }>> {
  return probe(
    'sharp',
    `const sharp = require(process.argv[1]);
     await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } }).png().toBuffer();
     return { version: sharp.versions.sharp, vips: sharp.versions.vips };`,
  );
}

/** Whether ONNX Runtime is there as WebAssembly. */
export const findOnnxWeb = (): boolean => resolvePackage('onnxruntime-web') !== undefined;

/** Runs the body of an async function in a child with the package's path as argv[1]; its result comes back as JSON. */
async function probe<T>(name: string, body: string): Promise<Probe<T>> {
  const file = resolvePackage(name);
  if (!file) return { problem: 'the package is not installed' };
  const script = `(async () => { ${body} })().then((found) => console.log('found ' + JSON.stringify(found)), (error) => { console.error(error.message); process.exitCode = 1; });`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['-e', script, file],
      { timeout: 60_000, maxBuffer: 1 << 20 },
      (error, stdout, stderr) => {
        const answer = /^found (.*)$/m.exec(stdout);
        if (answer && !error) resolve({ found: JSON.parse(answer[1]) as T });
        else resolve({ problem: stderr.trim().split('\n')[0] || `it ended with ${error?.signal ?? error?.code}` });
      },
    );
  });
}

function resolvePackage(name: string): string | undefined {
  try {
    return createRequire(bundleFile).resolve(name);
  } catch {
    return undefined;
  }
}
