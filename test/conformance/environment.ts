// The environment of the TensorFlow.js specs: our backend with our gradients. It must be imported before the specs,
// which read the environments while they load.
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import { boot } from 'jasmine-core';
import { BACKEND } from '../../src/engine/onnx/graphBackend';
import { openOnnxEngine } from '../../src/engine/onnx/engine';

export const jasmine = boot().getEnv();

openOnnxEngine({ threads: 1 });
setTestEnvs([{ name: BACKEND, backendName: BACKEND, isDataSync: true }]);
