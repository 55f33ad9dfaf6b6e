// Where TensorFlow's package for Node is: in the workspace, in the folder that the editor keeps for it, or in the project.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

export interface FoundTensorflow {
  /** The folder of the package; null where it is not installed. */
  readonly folder: string | null;
  /** What is missing, with what to do; null where it can be loaded. */
  readonly problem: string | null;
}

export function findTensorflow(): FoundTensorflow {
  const storage = process.env.EARTHMOVER_PACKAGES;
  const places = [process.cwd(), ...(storage ? [storage] : [])].map((folder) => path.join(folder, 'package.json'));
  const folders = [...places, __filename].flatMap((from) => packageFrom(from) ?? []);
  const whole = folders.find((folder) => addonFile(folder) !== null);
  if (whole) return { folder: whole, problem: null };
  const [folder = null] = folders;
  if (folder === null) {
    const problem = `the package ${PACKAGE} is not installed. Install it in the folder of the experiment: npm install --ignore-scripts ${PACKAGE}@4.22.0; then: earthmover install tensorflow`;
    return { folder, problem };
  }
  return {
    folder,
    problem: `its native part is not installed in ${folder}. Install it: earthmover install tensorflow`,
  };
}

/** The file of its native part, of the newest interface of Node that there is. */
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
