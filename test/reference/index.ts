// The oracle for tests of the training steps: float64, loops over arrays, no code shared with src.
export { conv2d, conv2dTranspose, imageSize, mapSize, type Padding } from './convolution';
export * from './elementwise';
export { gradients } from './gradient';
export { activations, type ActivationName, type BatchStatistics, type Layer } from './layers';
export { matmul, transpose } from './matmul';
export {
  apply,
  layersOf,
  outputShape,
  weightShapes,
  type Architecture,
  type Dcgan,
  type Layers,
  type Mlp,
  type NamedShape,
  type NormalizationName,
  type Resnet,
} from './networks';
export { lossesOf, type ReferenceDivergence, type ReferenceObjective } from './objectives';
export { atRest, update, type Moving, type ReferenceDecay, type ReferenceOptimizer } from './optimizers';
export { penaltyOf, type Penalty, type PenaltyRule, type ReferencePenalty } from './penalty';
export { divided, powerIteration } from './spectral';
export { mean, reshape, sum } from './shape';
export {
  criticLoss,
  generatorLoss,
  referenceAverage,
  referenceCriticStep,
  referenceGeneratorStep,
  referenceIteration,
  referenceState,
  type CriticBatch,
  type CriticStep,
  type GeneratorBatch,
  type GeneratorStep,
  type ReferenceConstraint,
  type ReferenceState,
  type ReferenceSystem,
  type ReferenceWeight,
} from './step';
export { broadcastTo, sumTo } from './broadcast';
export { constant, detach, scalar, sizeOf, value, type Shape, type Value } from './value';
