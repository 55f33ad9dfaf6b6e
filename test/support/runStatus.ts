// A status.json for tests.
import type { RunStatus } from '../../src/protocol/status';

export const status: RunStatus = {
  version: 1,
  state: 'running',
  attempt: 1,
  pid: 42,
  host: 'h',
  processStart: null,
  startedAt: 1000,
  updatedAt: 1060,
  lastStepAt: 1060,
  step: 500,
  steps: 2500,
  medianStepSeconds: 0.02,
  secondsLeft: 90,
  device: 'cpu',
  engine: 'onnx',
  threads: 1,
  message: null,
  errors: [],
  metrics: {},
  acknowledged: [],
};
