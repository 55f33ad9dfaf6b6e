// ONNX Runtime on WebGPU through its C API.
import { cApiDevice } from './cApiDevice';
import { cApiLibrary } from './cApiLibrary';
import { copyTensors } from './cApiValues';
import type { Runtime } from './runtime';

/** @throws if the native package or koffi is not installed, or the library does not load */
export const cApiWebgpu = (): Runtime =>
  cApiDevice({
    device: 'webgpu',
    memory: ['WebGPU_Buf', 0],
    deviation: 0,
    addTo: (settings, records) => {
      const { api } = cApiLibrary();
      // WebGPU checks each command, which takes half of the host's time. The first session of a process decides for
      // all; `earthmover doctor` computes in a process of its own, with the checks (gpuProbe.ts).
      const options = { enableGraphCapture: records ? '1' : '0', validationMode: 'disabled' };
      const [keys, values] = [Object.keys(options), Object.values(options)].map(api.strings);
      const append = api.SessionOptionsAppendExecutionProvider;
      append(settings, 'WebGPU', keys.addresses, values.addresses, keys.addresses.length);
      // WebGPU ignores some paddings of Conv that this optimizer creates (passes/webgpuWorkarounds.ts).
      api.AddSessionConfigEntry(settings, 'optimization.disable_specified_optimizers', 'Pad_Fusion');
    },
    copy: copyTensors,
  });
