// The catalog: what exists, as data. Everything else (schema, hover, forms, tables of maths) follows from it.
export * from './constraints';
export * from './criticSteps';
export * from './dataSources';
export * from './datasets';
export * from './descriptor';
export * from './divergences';
export * from './metrics';
export * from './networks';
export * from './objectives';
export * from './optimizers';
export * from './presets';
export * from './settings';
