// Our engine as the product opens it, on ONNX Runtime and the CPU.
import { openOnnxEngine } from '../../src/engine/onnx/engine';
import { serve } from '../child';
import { gemm } from '../gemm';
import { iteration } from '../iteration';

void serve('onnx-cpu', async (of) => {
  const engine = openOnnxEngine();
  const { iterate, nativeMs, threads } = await iteration(engine, of);
  const version = `${engine.runtime}, ${threads} thread${threads === 1 ? '' : 's'}`;
  return { version, iterate, nativeMs, gemm: () => gemm(engine) };
});
