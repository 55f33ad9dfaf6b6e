// TensorFlow.js as users' model files see it: the trainer's, with models loaded from files, and without what would
// change its backend.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { io } from '@tensorflow/tfjs-core';
import * as tfjs from '../../engine/tfjs';
import { readOrdinary } from '../../files/ordinaryFile';
import { watchedLayers } from './watchedLayers';

export interface ModuleTensorflow {
  readonly tensorflow: object;
  /** The SHA-256 of each file that was loaded so far, by absolute path. */
  readonly loaded: Readonly<Record<string, string>>;
}

/**
 * @param folder where relative paths of models start
 * @param notice receives sentences about calls and options that have no effect
 */
export function moduleTensorflow(folder: string, notice: (message: string) => void): ModuleTensorflow {
  const loaded: Record<string, string> = {};
  const read = (file: string): Buffer => {
    const bytes = readOrdinary(file, 2 ** 31 - 1, 'follow');
    loaded[file] = createHash('sha256').update(bytes).digest('hex');
    return bytes;
  };
  const fileSystem = (given: string | readonly string[]): io.IOHandler => ({
    load: async () => loadModel(pathOf(String([given].flat()[0]), folder), read),
  });
  const ignored = (call: string): void =>
    notice(`${call} in the model file has no effect: the experiment's "engine" and "device" choose what computes.`);
  const tensorflow = {
    ...tfjs,
    version: { tfjs: tfjs.version_core, 'tfjs-core': tfjs.version_core, 'tfjs-layers': tfjs.version_layers },
    io: { ...tfjs.io, fileSystem },
    layers: watchedLayers(notice),
    loadLayersModel: (model: string | io.IOHandler, options?: io.LoadOptions) =>
      tfjs.loadLayersModel(
        typeof model === 'string' && !/^(https?|indexeddb|localstorage):/.test(model) ? fileSystem(model) : model,
        options,
      ),
    setBackend: async (name: string) => {
      ignored(`tf.setBackend("${name}")`);
      return true;
    },
    // It would dispose of the other network, too.
    disposeVariables: () => notice('tf.disposeVariables() in the model file has no effect.'),
    registerBackend: () => true,
    removeBackend: () => {},
    setWasmPaths: () => {},
    setWasmPath: () => {},
    setThreadsCount: () => {},
    loadGraphModel: unavailable('tf.loadGraphModel', 'a graph model cannot be trained; load a layers model.'),
    node: unavailable('tf.node', 'the trainer reads the data and writes the logs.'),
    data: unavailable('tf.data', 'the trainer reads the data that the experiment names.'),
  };
  return { tensorflow, loaded };
}

/**
 * The exports of a file inside TensorFlow.js, such as "@tensorflow/tfjs-layers/dist/engine/topology": the public ones
 * of the same name. Others, such as the classes of layers, are private to it, and throw when they are used.
 */
export function innerExports(tensorflow: object, file: string): object {
  const known: Record<string, unknown> = { ...tensorflow, Layer: tfjs.layers.Layer };
  const get = (_: object, key: string | symbol): unknown => {
    if (typeof key === 'symbol' || key in known || ['__esModule', 'default', 'then'].includes(key))
      return known[key as string];
    throw new Error(
      `${key} of "${file}" is private to TensorFlow.js. Import from "@tensorflow/tfjs" only: make layers by functions such as tf.layers.dense.`,
    );
  };
  // The copy that a bundle makes of a module finds its members through its prototype.
  return Object.create(new Proxy({}, { get })) as object;
}

/** An object all of whose members can be passed around, but which throws as soon as one is called or computed with. */
export function unavailable(name: string, why: string): object {
  const fail = (): never => {
    throw new Error(`${name} is not available: ${why}`);
  };
  // A package is looked at for its kind when it is imported, and a promise is looked for when it is awaited.
  const get = (_: object, key: string | symbol): unknown => {
    if (key === Symbol.toPrimitive) return fail;
    return typeof key === 'symbol' || ['__esModule', 'then', 'prototype', 'constructor'].includes(key)
      ? undefined
      : unavailable(`${name}.${key}`.replace(/"\./, '".'), why);
  };
  // Members of the copy that a bundle makes of a package are found through its prototype.
  const members: object = new Proxy(Object.create(null) as object, { get });
  return new Proxy(function () {}, { get, getPrototypeOf: () => members, apply: fail, construct: fail });
}

function pathOf(given: string, folder: string): string {
  const plain = /^file:\/\/[/A-Za-z]:?\//.test(given) ? fromUrl(given) : given.replace(/^file:(\/\/)?/, '');
  const file = path.resolve(folder, plain);
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ? path.join(file, 'model.json') : file;
}

/** `file://` with a path that is not encoded is common, and not a valid URL. */
function fromUrl(given: string): string {
  const plain = given.slice('file://'.length);
  try {
    return statSync(plain, { throwIfNoEntry: false }) ? plain : fileURLToPath(given);
  } catch {
    return plain;
  }
}

/** Reads model.json and its weights, as `tf.io.fileSystem` of tfjs-node. */
function loadModel(file: string, read: (file: string) => Buffer): io.ModelArtifacts {
  const bytesOf = (wanted: string): Buffer => {
    try {
      return read(wanted);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'it does not exist' : message;
      throw new Error(
        `The saved model cannot be read from ${wanted}: ${why}. Relative paths start at the folder of the model file.`,
      );
    }
  };
  const { modelTopology, weightsManifest, format, trainingConfig, userDefinedMetadata } = asJson(file, bytesOf(file));
  if (format === 'graph-model')
    throw new Error(
      `${file} is a graph model, which cannot be trained. Convert the original with tensorflowjs_converter --output_format=tfjs_layers_model.`,
    );
  if (typeof modelTopology !== 'object' || !Array.isArray(weightsManifest))
    throw new Error(`${file} is not a saved TensorFlow.js model: it has no modelTopology and weightsManifest.`);
  const folder = path.dirname(file);
  const weights = weightsManifest.flatMap(({ paths }) => paths.map((name) => bytesOf(path.join(folder, name))));
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: new Uint8Array(Buffer.concat(weights)).buffer,
    trainingConfig,
    userDefinedMetadata,
  };
}

function asJson(file: string, bytes: Buffer): Partial<io.ModelJSON> {
  try {
    return JSON.parse(bytes.toString()) as io.ModelJSON;
  } catch {
    throw new Error(
      `${file} is not the model.json of a TensorFlow.js model. Convert a Keras model (.h5, .keras) with tensorflowjs_converter --output_format=tfjs_layers_model.`,
    );
  }
}
