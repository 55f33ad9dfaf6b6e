// The experiment file: from text to a resolved experiment, with every problem at its place.
export type { Experiment } from './experiment';
