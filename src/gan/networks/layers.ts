// The layers that TensorFlow.js does not have, each registered under its name: what a model that was taken away is loaded with.
export { SmoothElu } from './activations';
export { ConvMeanPool } from './meanPool';
export { InstanceNorm, LayerNorm } from './normalization';
export { Translation } from './translation';
