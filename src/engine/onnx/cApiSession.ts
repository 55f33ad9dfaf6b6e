// Sessions of the C API.
import type { Address, CApi } from './cApi';
import { cApiLibrary } from './cApiLibrary';
import { takeValue, valueOf } from './cApiValues';
import { LOG_FATAL } from './nativePackage';
import type { Fetches, SessionOptions, Tensors } from './runtime';

export interface CApiSession {
  readonly address: Address;
  /** Runs the session. All outputs are computed; those of `fetches` are returned. */
  run(feeds: Tensors, fetches: Fetches, runOptions?: Address): Tensors;
  dispose(): void;
}

/** Levels of graph optimization. */
const [NO_OPTIMIZATIONS, ALL_OPTIMIZATIONS] = [0, 99];

/** @param configure adds options of a device */
export function createCApiSession(
  model: Uint8Array,
  options: SessionOptions,
  configure: (settings: Address) => void,
): CApiSession {
  const { api, env } = cApiLibrary();
  const settings = sessionOptions(api, options);
  let session: Address;
  try {
    configure(settings);
    session = api.make(api.CreateSessionFromArray, env, model, model.byteLength, settings);
  } finally {
    api.ReleaseSessionOptions(settings);
  }
  const inputs = namesOf(api.SessionGetInputCount, api.SessionGetInputName, session);
  const outputs = namesOf(api.SessionGetOutputCount, api.SessionGetOutputName, session);
  const [inputNames, outputNames] = [inputs, outputs].map(api.strings);
  const given = new BigUint64Array(inputs.length);
  const made = new BigUint64Array(outputs.length);
  return {
    address: session,
    run: (feeds, fetches, runOptions) => {
      inputs.forEach((name, i) => (given[i] = valueOf(feeds[name])));
      // An output of 0 is allocated by the library.
      outputs.forEach((name, i) => (made[i] = fetches[name] ? valueOf(fetches[name]) : 0n));
      const [ins, outs] = [inputNames.addresses, outputNames.addresses];
      api.Run(session, runOptions ?? null, ins, given, ins.length, outs, outs.length, made);
      return Object.fromEntries(outputs.map((name, i) => [name, fetches[name] ?? takeValue(made[i])] as const));
    },
    dispose: () => api.ReleaseSession(session),
  };
}

function sessionOptions(api: CApi, { threads, graphOptimizations }: SessionOptions): Address {
  const settings = api.make(api.CreateSessionOptions);
  api.SetSessionGraphOptimizationLevel(settings, graphOptimizations ? ALL_OPTIMIZATIONS : NO_OPTIMIZATIONS);
  api.SetIntraOpNumThreads(settings, threads);
  api.SetInterOpNumThreads(settings, 1);
  api.SetSessionLogSeverityLevel(settings, LOG_FATAL);
  // Memory patterns double the memory of a run and are not faster.
  api.DisableMemPattern(settings);
  // Otherwise the threads of an idle session keep spinning on cores that the next session needs.
  api.AddSessionConfigEntry(settings, 'session.force_spinning_stop', '1');
  return settings;
}

type Call = CApi['Run'];

function namesOf(getCount: Call, getName: Call, session: Address): string[] {
  const { api, defaultAllocator } = cApiLibrary();
  return Array.from({ length: Number(api.make(getCount, session)) }, (_, i) => {
    const at = api.make(getName, session, i, defaultAllocator);
    const name = api.text(at);
    api.AllocatorFree(defaultAllocator, at);
    return name;
  });
}
