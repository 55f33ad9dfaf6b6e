// Devices that are asked for by name.
import { expect, it, vi } from 'vitest';
import { findCuda } from './cuda/probe';
import { cApiCuda } from './onnx/cApiCuda';
import { openEngine, requireDevice } from './openEngine';

vi.mock('./cuda/probe', () => ({ findCuda: vi.fn() }));
vi.mock('./onnx/cApiCuda', { spy: true });

it('checks CUDA without loading its libraries, after the CPU in the same process', async () => {
  vi.mocked(findCuda).mockResolvedValue({ found: { name: 'Test GPU', software: false } });
  await requireDevice({ device: 'cpu' });
  await requireDevice({ device: 'cuda' });
  expect(cApiCuda).not.toHaveBeenCalled();
});

it('never replaces CUDA by another device', async () => {
  vi.mocked(findCuda).mockResolvedValue({ problem: 'no driver was found', todo: 'Install one.' });
  const error = expect.objectContaining({
    code: 'device-missing',
    message:
      'The device "cuda" is not available: no driver was found. Install one. "webgpu" uses the same GPU without CUDA. ' +
      'Set "device" to "cpu" or "auto"; "earthmover doctor" shows which devices work.',
  }) as Error;
  await expect(openEngine({ device: 'cuda' })).rejects.toThrow(error);
  await expect(requireDevice({ device: 'cuda' })).rejects.toThrow(error);
});
