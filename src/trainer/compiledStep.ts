// A training step as the loop runs it: compiled by an engine, here or at several ranks.
import type { Arrays, Step } from '../engine/engine';
import type { GanStep } from '../gan/step';

type AnyStep = Step<string, string>;

/** A step with the names and shapes of its inputs. */
export interface CompiledStep {
  readonly inputs: GanStep['inputs'];
  /** Runs the step; random layers of the networks use the random numbers of `update`. */
  run(inputs: Arrays, update?: number): ReturnType<AnyStep['run']>;
  advance(inputs: Arrays, update?: number): Promise<void>;
  readonly threads: number;
  readonly print: AnyStep['print'];
}
