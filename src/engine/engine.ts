// The engine interface, as the trainer sees it: state on a device, and compiled training steps that update it.
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Shape } from './graph/shapes';
import type { NoiseKey } from './noise/source';
import type { PassReport } from './passes/passReport';

/** A device that an engine can compute on. */
export type Device = 'cpu' | 'webgpu' | 'wasm' | 'cuda';

/** Values by name, flat and in row-major order. */
export type Arrays<Name extends string = string> = Readonly<Record<Name, Float32Array>>;

/**
 * The variables of a training run, in the memory of the device. Compiled steps read and write them; TensorFlow.js sees
 * their current values too.
 */
export interface State {
  readonly variables: Readonly<Record<string, Variable>>;
  /** Copies of the values of all variables, by name; those of an int32 variable are an Int32Array. */
  read(): Promise<Record<string, Float32Array>>;
  /** Sets variables by name. Throws for an unknown name or a wrong size, without writing anything. */
  write(values: Arrays): Promise<void>;
  dispose(): void;
}

/** A compiled step. */
export interface Step<Input extends string, Output extends string> {
  readonly name: string;
  /** Number of threads. It affects the last bits of the results. */
  readonly threads: number;
  /**
   * Runs the step: takes `inputs`, updates the state and returns the results by name. A step whose networks draw random
   * numbers needs a key, and throws without one.
   */
  run(inputs: Arrays<Input>, noise?: NoiseKey): Promise<Record<Output, Float32Array>>;
  /** Runs the step without fetching its results, so that nothing waits for an asynchronous device. */
  advance(inputs: Arrays<Input>, noise?: NoiseKey): Promise<void>;
  /** Milliseconds spent in the native runtime since the step was created, and the number of runs. */
  readonly spent: { readonly milliseconds: number; readonly runs: number };
  /** The graph as text, one line per node, before and after the passes, and the effect of each pass. */
  print(): { readonly recorded: string; readonly optimized: string; readonly passes: readonly PassReport[] };
  dispose(): Promise<void>;
}

export interface StepDefinition<Input extends string, Output extends string> {
  readonly name: string;
  readonly state: State;
  readonly inputs: Readonly<Record<Input, Shape>>;
  /**
   * The step in TensorFlow.js; it updates state by assigning variables. It is called only while the step is compiled,
   * so values that change must be inputs. Random numbers of layers and of TensorFlow.js' random operations become
   * inputs automatically.
   */
  readonly compute: (inputs: Record<Input, Tensor>) => Record<Output, Tensor>;
  /** Whether `compute` contains no code of a user, which might draw its own random numbers. Default: false. */
  readonly isBuiltIn?: boolean;
}

export interface Engine {
  readonly name: string;
  readonly device: string;
  /** Name of the GPU ("NVIDIA H100"); null for a CPU. */
  readonly adapter: string | null;
  /** Name and version of the underlying runtime. */
  readonly runtime: string;
  /** Takes ownership of the variables, under names that are stable across processes. */
  state(variables: Readonly<Record<string, Variable>>): State;
  compile<I extends string, O extends string>(definition: StepDefinition<I, O>): Promise<Step<I, O>>;
}
