// Feature networks as ONNX files.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { prepareOnnxExport } from '../../src/engine/onnx/onnxExport';

/** A small convolutional network, [n, height, width, channels] to 6 features, made by the program's own encoder. */
export function convolution(folder: string, name: string, shape: readonly number[], scale = 1): string {
  const file = path.join(folder, name);
  const engine = openOnnxEngine({ threads: 1 });
  const kernel = tf.tensor4d(
    Array.from({ length: 9 * shape[2] * 6 }, (_, i) => scale * Math.sin(7 * i + 1)),
    [3, 3, shape[2], 6],
  );
  const compute = (x: tf.Tensor) => tf.mean(tf.relu(tf.conv2d(x as tf.Tensor4D, kernel, 2, 'same')), [1, 2]);
  const exported = prepareOnnxExport(
    { state: engine.state({}), input: { name: 'images', shape }, output: 'features', compute, names: {} },
    { fallback: 8 },
  );
  writeFileSync(file, exported.encode({ name: 'features', version: '1', text: '', metadata: {} }));
  return file;
}
