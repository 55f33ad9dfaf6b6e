// What an engine is to the trainer: it keeps state on a device, and compiles a training step that moves it forward.
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Shape } from './graph/shapes';
import type { NoiseKey } from './noise/source';
import type { PassReport } from './passes/passReport';

export type Device = 'cpu' | 'webgpu' | 'wasm' | 'cuda';

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
  /**
   * Runs the step: `inputs` in, named results out, the state moved forward. A step whose networks draw random numbers takes
   * them from the key; without one it throws.
   */
  run(inputs: Arrays<Input>, noise?: NoiseKey): Promise<Record<Output, Float32Array>>;
  /** Runs the step for its effect on the state alone: nobody waits for the results of a device that works on its own. */
  advance(inputs: Arrays<Input>, noise?: NoiseKey): Promise<void>;
  /** Milliseconds spent inside the native run since the step was made, and number of runs. */
  readonly spent: { readonly milliseconds: number; readonly runs: number };
  /** The graph, for people: one line a node, before and after the passes, and what each pass leaves of it. */
  print(): { readonly recorded: string; readonly optimized: string; readonly passes: readonly PassReport[] };
  dispose(): Promise<void>;
}

export interface StepDefinition<Input extends string, Output extends string> {
  readonly name: string;
  readonly state: State;
  readonly inputs: Readonly<Record<Input, Shape>>;
  /**
   * The step in TensorFlow.js. Variables of the state that it assigns move forward at each run. It is called when the
   * step is compiled and never again: values must come in as inputs. What layers and TensorFlow.js' random operations
   * draw becomes an input by itself.
   */
  readonly compute: (inputs: Record<Input, Tensor>) => Record<Output, Tensor>;
}

export interface Engine {
  readonly name: string;
  readonly device: string;
  /** What the device is, as people call it ("NVIDIA H100"); null for a processor. */
  readonly adapter: string | null;
  /** What runs underneath, with its version. */
  readonly runtime: string;
  /** Takes the variables over, under names that are the same in every process. */
  state(variables: Readonly<Record<string, Variable>>): State;
  compile<I extends string, O extends string>(definition: StepDefinition<I, O>): Promise<Step<I, O>>;
}
