// A run as the Runs view lists it.
import type { RunStatus } from '../../src/protocol/status';
import type { Run } from '../../src/extension/runs/readRuns';
import { status } from './runStatus';

/** A run of the experiment ring that trains, with changes. */
export const listedRun = (
  name: string,
  more: Partial<Run> & { readonly metrics?: RunStatus['metrics'] } = {},
): Run => ({
  directory: `/w/.earthmover/runs/20240109-080706-${name}`,
  name,
  experimentName: 'ring',
  experiment: {},
  parent: null,
  tags: [],
  notes: '',
  source: '/w/ring.gan.json',
  status: { ...status, metrics: more.metrics ?? {} },
  liveness: 'alive',
  estimate: null,
  estimateLabel: 'K·W',
  problem: null,
  ...more,
});
