// Finds TensorFlow's package for Node: in the workspace, in the storage folder of the extension, or next to Earthmover.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

export interface FoundTensorflow {
  /** The folder of the package; null if it is not installed. */
  readonly folder: string | null;
  /** What is missing; null if it can be loaded. */
  readonly problem: string | null;
  /** How to install it, as sentences. */
  readonly todo: string;
}

export function findTensorflow(): FoundTensorflow {
  const storage = process.env.EARTHMOVER_PACKAGES;
  const places = [process.cwd(), ...(storage ? [storage] : [])].map((folder) => path.join(folder, 'package.json'));
  const folders = [...places, __filename].flatMap((from) => packageFrom(from) ?? []);
  const complete = folders.find((folder) => addonFile(folder) !== null);
  if (complete) return { folder: complete, problem: null, todo: '' };
  const [folder = null] = folders;
  const todo = 'Run "earthmover install tensorflow".';
  if (folder !== null) return { folder, problem: `its native library is not installed in ${folder}`, todo };
  return {
    folder,
    problem: `the package ${PACKAGE} is not installed`,
    todo:
      `In the folder of the experiment, run "npm install --ignore-scripts ${PACKAGE}@4.22.0", ` +
      'then "earthmover install tensorflow".',
  };
}

/** Its native addon, for the newest version of Node-API that is present. */
const addonFile = (folder: string): string | null =>
  [10, 9, 8].map((napi) => path.join(folder, 'lib', `napi-v${napi}`, 'tfjs_binding.node')).find((f) => existsSync(f)) ??
  null;

function packageFrom(file: string): string | null {
  try {
    return path.dirname(createRequire(file).resolve(`${PACKAGE}/package.json`));
  } catch {
    return null;
  }
}
