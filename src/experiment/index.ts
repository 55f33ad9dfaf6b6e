// Experiment files: parser, linter, JSON Schema.
export type { Experiment } from './experiment';
export { lintExperiment, rules, type RuleId } from './lint';
export { experimentJsonSchema } from './jsonSchema';
export { setOverride, shortOverride, type Override } from './overrides';
export { parseExperiment, type Parsed } from './parse';
export { formatProblem, type Finding, type Path, type Problem } from './problem';
export { resolveExperiment } from './resolve';
export { experimentPerSeed } from './experiment';
export type { ExperimentFile } from './schema';
