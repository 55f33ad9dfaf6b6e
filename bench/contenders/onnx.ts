// Our engine, opened as in the product; the first argument selects engine and device.
import { memory } from '@tensorflow/tfjs-core';
import { openEngine, type EngineRequest } from '../../src/engine/openEngine';
import { ALL_PASSES } from '../../src/engine/passes/optimize';
import { serve } from '../contenderServer';
import { gemm } from '../gemm';
import { iteration } from '../iteration';

const requests: Readonly<Record<string, EngineRequest>> = {
  'onnx-cpu': { engine: 'onnx', device: 'cpu' },
  'onnx-webgpu': { engine: 'onnx', device: 'webgpu' },
  'onnx-cuda': { engine: 'onnx', device: 'cuda' },
  tensorflow: { engine: 'tensorflow' },
};

const [, , contender] = process.argv;
const { EARTHMOVER_BENCH_WITHOUT: disabledPass, EARTHMOVER_BENCH_THREADS: given } = process.env;
const passes = disabledPass ? { ...ALL_PASSES, [disabledPass]: false } : ALL_PASSES;

void serve(contender, async (benchCase) => {
  const { engine } = await openEngine({ ...requests[contender], ...(given ? { threads: Number(given) } : {}), passes });
  const { iterate, nativeMs, threads } = await iteration(engine, benchCase);
  const tensors = () => memory().numTensors;
  const where = engine.adapter ?? `${threads} thread${threads === 1 ? '' : 's'}`;
  const version = `${engine.runtime}, ${where}`;
  return { version, iterate, nativeMs, tensors, ...(contender === 'onnx-cpu' ? { gemm: () => gemm(engine) } : {}) };
});
