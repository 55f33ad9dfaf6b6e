// Loads the user's model files: bundled with the trainer's TensorFlow.js, evaluated, with errors located at their line.
import { closeSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { build, type BuildFailure, type Plugin } from 'esbuild';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModuleNetworkConfig, Role } from '../catalog';
import * as tfjs from '../engine/tfjs';
import { openOrdinary } from '../files/ordinaryFile';
import type { NetworkSpec } from '../gan/network';
import { messageOf, stackOf } from '../shared/thrownValue';
import { modelFileError, settingError, type ExperimentSource } from './inputErrors';
import { userFrame } from './userFrame';

/** The argument of an exported function of a model file. */
export interface ModelContext {
  readonly role: Role;
  /** Shape of one input sample: [latent] for a generator, that of the data for a critic. */
  readonly inputShape: readonly number[];
  /** Shape of one output sample: that of the data for a generator, [1] for a critic. */
  readonly outputShape: readonly number[];
}

const SHARED = Symbol.for('earthmover.tfjs');

/** Loads the export and returns a function that calls it. Both throw an InputError located in the model file. */
export async function loadUserModel(
  source: ExperimentSource,
  role: Role,
  network: ModuleNetworkConfig,
): Promise<(ends: NetworkSpec) => Promise<LayersModel>> {
  const file = path.resolve(path.dirname(source.path), network.module);
  const code = await bundle(file, source, role, network);
  process.setSourceMapsEnabled(true);
  Object.assign(globalThis, { [SHARED]: tfjs });
  // An export may be a getter, which throws.
  const { exported, names } = guarded(file, 'model-load', () => {
    const exports = evaluate(code, file);
    return { exported: exports[network.export], names: Object.keys(exports) };
  });
  if (isModel(exported)) return () => copyOf(exported);
  if (typeof exported !== 'function') {
    const message = names.includes(network.export)
      ? `"${network.export}" of ${network.module} is ${describe(exported)}; it must be a function that returns a TensorFlow.js model, or a model.`
      : `${network.module} exports no function or model "${network.export}": ${foundExports(names)}. Set "export" to one of its exports, or add "${network.export}" to the file.`;
    throw settingError(source, 'model-export', [role, 'export'], message);
  }
  return async ({ input, output }) => {
    const context: ModelContext = { role, inputShape: [...input], outputShape: [...output] };
    let model: unknown;
    try {
      model = await (exported as (context: ModelContext) => unknown)(context);
    } catch (error) {
      throw atUserLine(error, file, 'model-call');
    }
    if (isModel(model)) return model;
    const message = `"${network.export}" of ${network.module} returned ${describe(model)}; it must return a TensorFlow.js model (tf.sequential or tf.model).`;
    throw modelFileError('model-result', message, { file, line: 1, column: 1 });
  };
}

const foundExports = (names: readonly string[]): string =>
  names.length > 0 ? `it exports ${names.join(', ')}` : 'it has no exports';

/** An exported model instance is used more than once, so each use gets a copy with the same initial weights. */
async function copyOf(model: LayersModel): Promise<LayersModel> {
  const copy = await tfjs.models.modelFromJSON({ modelTopology: model.toJSON(null, false) });
  copy.setWeights(model.getWeights());
  return copy;
}

async function bundle(
  file: string,
  source: ExperimentSource,
  role: Role,
  network: ModuleNetworkConfig,
): Promise<string> {
  try {
    closeSync(openOrdinary(file, 'read', 'follow'));
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'the file does not exist' : (error as Error).message;
    const message = `The model file "${network.module}" cannot be read: ${why} (${file}). Paths start at the folder of the experiment file.`;
    throw settingError(source, 'model-missing', [role, 'module'], message);
  }
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      outfile: `${file}.cjs`,
      logLevel: 'silent',
      plugins: [sharedTensorFlow],
    });
    return outputFiles[0].text;
  } catch (error) {
    const [first] = (error as BuildFailure).errors ?? [];
    if (!first) throw error;
    const { file: at = file, line = 1, column = 0 } = first.location ?? {};
    throw modelFileError('model-syntax', `${first.text}.`, { file: path.resolve(at), line, column: column + 1 });
  }
}

/** Maps imports of TensorFlow.js to the trainer's instance: two copies cannot share tensors. */
const sharedTensorFlow: Plugin = {
  name: 'shared-tensorflow',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@tensorflow\/tfjs(-core|-layers|-node|-node-gpu)?$/ }, ({ path }) => ({
      path,
      namespace: 'shared',
    }));
    const contents = `module.exports = globalThis[Symbol.for(${JSON.stringify(SHARED.description)})];`;
    onLoad({ filter: /.*/, namespace: 'shared' }, () => ({ contents, loader: 'js' }));
  },
};

interface Compilable {
  exports: Record<string, unknown>;
  _compile(code: string, file: string): void;
}

/** Node forgets the source map of a module that is collected, and errors may come later, in timers. */
const evaluated: Compilable[] = [];

function evaluate(code: string, file: string): Record<string, unknown> {
  const module = new Module(file) as unknown as Compilable & { require: NodeJS.Require; filename: string };
  module.require = createRequire(file);
  module.filename = file;
  evaluated.push(module);
  module._compile(code, `${file}.cjs`);
  return module.exports;
}

function guarded<T>(file: string, code: string, f: () => T): T {
  try {
    return f();
  } catch (error) {
    throw atUserLine(error, file, code);
  }
}

/**
 * An exception of the user's code as an InputError at the first stack frame in it, not in a package, Node.js or
 * Earthmover.
 */
function atUserLine(error: unknown, file: string, code: string): Error {
  return modelFileError(code, messageOf(error), userFrame(stackOf(error)) ?? { file, line: 1, column: 1 });
}

const isModel = (value: unknown): value is LayersModel =>
  value instanceof tfjs.LayersModel && value.inputs !== undefined && value.outputs !== undefined;

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value instanceof tfjs.LayersModel) return 'a model whose first layer has no inputShape';
  return value instanceof tfjs.layers.Layer ? 'a layer' : `a value of type ${typeof value}`;
}
