// Finds out which GPU this machine has, in a child process: a driver that crashes ends only the child.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { runWithNativePackage } from './onnx/nativePackage';

/** A GPU, or the software adapter that WebGPU falls back to. */
export interface Adapter {
  readonly name: string;
  /** Emulated on the CPU: correct, but much slower than the CPU device. */
  readonly software: boolean;
}

export type ProbeResult<T> =
  | { readonly found: T }
  | { readonly problem: string; /** What to do. */ readonly todo?: string };

/** A GPU as ONNX Runtime logs it on startup, with its PCI ids. */
interface Hardware {
  readonly vendor: number;
  readonly device: number;
  readonly vendorName: string;
}

const vendors: Readonly<Record<number, string>> = {
  0x10de: 'NVIDIA',
  0x1002: 'AMD',
  0x8086: 'Intel',
  0x106b: 'Apple',
  0x5143: 'Qualcomm',
  0x13b5: 'Arm',
  0x1010: 'Imagination',
  0x14e4: 'Broadcom',
};

/** Vendor id of the software adapter of Windows. */
const MICROSOFT = 0x1414;

/** An ONNX model of 74 bytes: y = x x for a [2, 2] matrix. */
const SQUARE = 'CAhCBAoAEA06QAoRCgF4CgF4EgF5IgZNYXRNdWwSAWdaEwoBeBIOCgwIARIICgIIAgoCCAJiEwoBeRIOCgwIARIICgIIAgoCCAI=';

/** Loads the package at argv[1], computes with WebGPU, and prints the device files that this opened. */
const SCRIPT = `
const ort = require(process.argv[1]);
ort.env.logLevel = 'info';
const { readdirSync, readlinkSync } = require('node:fs');
const links = () => {
  try {
    return readdirSync('/proc/self/fd').map((fd) => {
      try { return readlinkSync('/proc/self/fd/' + fd); } catch { return ''; }
    });
  } catch { return []; }
};
(async () => {
  const options = { executionProviders: ['webgpu'], logSeverityLevel: 4 };
  const session = await ort.InferenceSession.create(Buffer.from('${SQUARE}', 'base64'), options);
  const x = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]);
  const { y } = await session.run({ x });
  if (String([...y.data]) !== '7,10,15,22') throw new Error('wrong result: ' + [...y.data]);
  return { files: links().filter((file) => file.startsWith('/dev/')) };
})().then(
  (found) => process.stdout.write('\\nfound ' + JSON.stringify(found) + '\\n', () => process.exit(0)),
  (error) => process.stdout.write('\\nproblem ' + JSON.stringify(error.message) + '\\n', () => process.exit(1)),
);
`;

/** Computes with WebGPU to find its adapter, or the reason why it does not work. Takes about half a second. */
export async function findAdapter(): Promise<ProbeResult<Adapter>> {
  const answer = await tryWebgpu();
  if ('problem' in answer) return answer;
  const gpus = hardwareIn(answer.log).filter(({ vendor }) => vendor !== MICROSOFT);
  const real =
    process.platform === 'linux' ? answer.files.some(isGpuFile) : gpus.length > 0 || process.platform === 'darwin';
  if (!real) return { found: { name: 'a software adapter', software: true } };
  const nvidia = gpus.some(({ vendor }) => vendor === 0x10de) ? await nvidiaName() : null;
  return { found: { name: nvidia ?? gpus.map(nameOf)[0] ?? 'GPU', software: false } };
}

/** A cheap check for `auto`: false if there is certainly no GPU. */
export function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  const listed = existsSync('/dev/dri') ? readdirSync('/dev/dri').map((name) => `/dev/dri/${name}`) : [];
  return [...listed, '/dev/nvidia0', '/dev/dxg'].some((file) => isGpuFile(file) && existsSync(file));
}

/** GPU device files of Linux: kernel drivers, NVIDIA's, and WSL's. */
const isGpuFile = (file: string): boolean => /^\/dev\/(dri\/renderD\d+|nvidia\d+|dxg)$/.test(file);

interface ProbeOutput {
  readonly files: readonly string[];
  readonly log: string;
}

async function tryWebgpu(): Promise<ProbeOutput | { readonly problem: string }> {
  const output = await runWithNativePackage(SCRIPT);
  if (output === null) return { problem: 'the package onnxruntime-node is not installed' };
  const { error, stdout, stderr } = output;
  const found = /^found (.*)$/m.exec(stdout);
  if (found) return { ...(JSON.parse(found[1]) as { files: string[] }), log: `${stdout}\n${stderr}` };
  const problem = /^problem (.*)$/m.exec(stdout);
  const message = problem ? (JSON.parse(problem[1]) as string) : null;
  return { problem: reason(message ?? `the probe exited with ${error?.signal ?? error?.code ?? 'no answer'}`) };
}

/** The readable part of an error message; ONNX Runtime puts its source file and function in front. */
function reason(message: string): string {
  const line = message.split('\n').find((l) => l.trim() !== '') ?? message;
  const known = /(Failed to get a WebGPU (adapter|device).*|backend .* not found.*)$/i.exec(line);
  return (known?.[1] ?? line).trim().replace(/\.$/, '').slice(0, 300);
}

/** `Discovered OrtHardwareDevice {vendor_id:0x10de, device_id:0x2330, vendor:NVIDIA, type:1, metadata: [...]}` */
function hardwareIn(log: string): Hardware[] {
  const pattern =
    /Discovered OrtHardwareDevice \{vendor_id:0x([0-9a-f]+), device_id:0x([0-9a-f]+), vendor:([^,}]*), type:1\b/gi;
  return [...log.matchAll(pattern)].map(([, vendor, device, vendorName]) => ({
    vendor: parseInt(vendor, 16),
    device: parseInt(device, 16),
    vendorName: vendorName.trim(),
  }));
}

const nameOf = ({ vendor, device, vendorName }: Hardware): string =>
  `${vendors[vendor] ?? (vendorName || 'unknown')} GPU (device ${device.toString(16).padStart(4, '0')})`;

function nvidiaName(): Promise<string | null> {
  const query = ['--query-gpu=name', '--format=csv,noheader'];
  return new Promise((resolve) => {
    execFile('nvidia-smi', query, { timeout: 10_000 }, (error, stdout) =>
      resolve(error ? null : stdout.split('\n')[0].trim() || null),
    );
  });
}
