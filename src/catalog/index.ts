// The catalog: everything that an experiment can choose, as data. The schema, the hovers, the reference and the tables
// of math are derived from it.
export * from './constraints';
export * from './criticSteps';
export * from './dataSources';
export * from './datasets';
export * from './descriptor';
export * from './divergences';
export * from './evaluationMetrics';
export * from './metrics';
export * from './networks';
export * from './objectives';
export * from './optimizers';
export * from './presets';
export * from './generalSettings';
export * from './healthSettings';
export * from './studies';
export * from './sweepSettings';
