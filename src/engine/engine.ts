// What an engine is to the trainer: it keeps state on a device, and compiles a training step that moves it forward.
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Shape } from './graph/shapes';

/** Values by name, each flat and row-major. */
export type Arrays<Name extends string = string> = Readonly<Record<Name, Float32Array>>;

/**
 * The variables of a training run, living on the device. They are read and written by compiled steps; TensorFlow.js sees
 * their present values too.
 */
export interface State {
  readonly variables: Readonly<Record<string, Variable>>;
  /** A copy of every variable's values, by name. */
  read(): Promise<Record<string, Float32Array>>;
  /** Sets variables by name; a name that is unknown or a size that is wrong is an error, and nothing is written then. */
  write(values: Arrays): Promise<void>;
  dispose(): void;
}

/** A compiled step. */
export interface Step<Input extends string, Output extends string> {
  readonly name: string;
  /** Threads that it runs on; its results depend on their number in their last bits. */
  readonly threads: number;
  /** Runs the step: `inputs` in, named results out, the state moved forward. */
  run(inputs: Arrays<Input>): Promise<Record<Output, Float32Array>>;
  /** Milliseconds spent inside the native run since the step was made, and number of runs. */
  readonly spent: { readonly milliseconds: number; readonly runs: number };
  /** The graph, for people: one line a node, before and after the passes. */
  print(): { readonly recorded: string; readonly optimised: string };
  dispose(): Promise<void>;
}

export interface StepDefinition<Input extends string, Output extends string> {
  readonly name: string;
  readonly state: State;
  readonly inputs: Readonly<Record<Input, Shape>>;
  /**
   * The step in TensorFlow.js. Variables of the state that it assigns move forward at each run. It is called when the
   * step is compiled and never again: randomness and values must come in as inputs.
   */
  readonly compute: (inputs: Record<Input, Tensor>) => Record<Output, Tensor>;
}

export interface Engine {
  readonly name: string;
  readonly device: string;
  /** What runs underneath, with its version. */
  readonly runtime: string;
  /** Takes the variables over, under names that are the same in every process. */
  state(variables: Readonly<Record<string, Variable>>): State;
  compile<I extends string, O extends string>(definition: StepDefinition<I, O>): Promise<Step<I, O>>;
}
