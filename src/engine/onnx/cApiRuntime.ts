// ONNX Runtime on the CPU through its C API. Unlike with the Node binding, all sessions share one arena of memory.
import type { Address } from './cApi';
import { cApiLibrary } from './cApiLibrary';
import { createCApiSession } from './cApiSession';
import { hostTensor } from './cApiValues';
import { withDeviceErrors } from './runtimeErrors';
import type { Runtime } from './runtime';
import { yieldToEventLoop } from './yieldToEventLoop';

export const cApiName = (): string => `ONNX Runtime ${cApiLibrary().ort.env.versions.node ?? 'unknown'}, C API`;

/** @throws if the native package or koffi is not installed, or the library does not load */
export function cApiRuntime(): Runtime {
  const shareArena = (settings: Address): void =>
    cApiLibrary().api.AddSessionConfigEntry(settings, 'session.use_env_allocators', '1');
  return {
    device: 'cpu',
    name: cApiName(),
    hasDeviceMemory: false,
    supportsPreallocatedOutputs: true,
    tensor: hostTensor,
    createSession: withDeviceErrors('cpu', async (model, options) => {
      const session = createCApiSession(model, options, shareArena);
      return {
        run: withDeviceErrors('cpu', async (feeds, fetches) => {
          await yieldToEventLoop();
          return session.run(feeds, fetches);
        }),
        dispose: async () => session.dispose(),
      };
    }),
    createSyncSession: (model) => {
      const { run, dispose } = createCApiSession(model, { threads: 1, graphOptimizations: false }, shareArena);
      return { run: (feeds, fetches) => run(feeds, Object.fromEntries(fetches.map((f) => [f, null]))), dispose };
    },
  };
}
