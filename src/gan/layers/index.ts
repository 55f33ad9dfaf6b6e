// The layers that TensorFlow.js does not have, each registered under its class name: needed to load an exported model.
export { SmoothElu } from './activations';
export { ConvMeanPool } from './convMeanPool';
export { InstanceNorm, LayerNorm } from './normalizations';
export { ShiftLayer } from './shiftLayer';
