// Finds CUDA libraries: those of `earthmover install cuda`, and those that are installed already.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cudaPackages, onnxRuntime, packageFolder, type CudaPackage } from './packages';

/** EARTHMOVER_CUDA, or ${XDG_DATA_HOME:-~/.local/share}/earthmover/cuda. */
export function cudaFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.EARTHMOVER_CUDA) return path.resolve(env.EARTHMOVER_CUDA);
  const home = env.XDG_DATA_HOME;
  // The XDG standard says to ignore relative paths.
  return path.join(home && path.isAbsolute(home) ? home : path.join(os.homedir(), '.local/share'), 'earthmover/cuda');
}

export interface FoundPackage extends CudaPackage {
  /** The files of its libraries; null if one of them was not found. */
  readonly files: readonly string[] | null;
}

interface Places {
  /** Where `earthmover install cuda` puts its packages. */
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The libraries of the system by their names. */
  readonly system?: () => ReadonlyMap<string, string>;
}

/** The packages with their libraries: our own if they are installed, otherwise those of the machine. */
export function findCudaLibraries({
  env = process.env,
  folder = cudaFolder(env),
  system = systemLibraries,
}: Places = {}): FoundPackage[] {
  const folders = foldersOf(env);
  let known: ReadonlyMap<string, string> | undefined;
  const elsewhere = (name: string): string | undefined =>
    folders.map((f) => path.join(f, name)).find((file) => existsSync(file)) ?? (known ??= system()).get(name);
  // The version of ONNX Runtime must be ours; that of cuDNN does not tell for which CUDA it was built.
  const isUsable = ({ name, version }: CudaPackage): boolean => {
    if (name === onnxRuntime.name) return folders.some((f) => isVersionIn(f, version));
    return name !== 'nvidia-cudnn-cu13' || elsewhere('libcublas.so.13') !== undefined;
  };
  return cudaPackages.map((one) => {
    const own = one.libraries.map((name) => path.join(folder, packageFolder(one), name));
    if (own.every((file) => existsSync(file))) return { ...one, files: own };
    const files = isUsable(one) ? one.libraries.map(elsewhere) : [];
    return { ...one, files: files.length > 0 && files.every((file) => file !== undefined) ? files : null };
  });
}

/**
 * The files to load before the provider, in this order: the linker then takes them for its libraries, wherever they
 * are. cuDNN finds its other parts beside itself, but NVRTC looks for its builtins by name.
 */
export function preloadedFiles(found: readonly FoundPackage[]): string[] {
  const files = found.filter(({ name }) => name !== onnxRuntime.name).flatMap((one) => one.files ?? []);
  return files.flatMap((file) => {
    if (!path.basename(file).startsWith('libnvrtc.')) return [file];
    const builtins = namesIn(path.dirname(file)).filter((name) => /^libnvrtc-builtins\.so\.13\.\d+$/.test(name));
    return [...builtins.map((name) => path.join(path.dirname(file), name)), file];
  });
}

/** Folders of libraries that the environment names: of the linker, of CUDA, and of Python environments. */
function foldersOf(env: NodeJS.ProcessEnv): string[] {
  const toolkits = [env.CUDA_HOME, env.CUDA_PATH, '/usr/local/cuda'].flatMap((home) => home || []);
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX].flatMap((home) => home || []);
  return [
    ...(env.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => path.isAbsolute(folder)),
    ...toolkits.map((home) => path.join(home, 'lib64')),
    ...environments.flatMap((home) => [...sitePackages(home), path.join(home, 'lib')]),
  ];
}

/** The folders in which wheels of NVIDIA and of ONNX Runtime put their libraries. */
const sitePackages = (home: string): string[] =>
  namesIn(path.join(home, 'lib'))
    .filter((name) => /^python3\.\d+$/.test(name))
    .map((name) => path.join(home, 'lib', name, 'site-packages'))
    .flatMap((site) => [
      ...namesIn(path.join(site, 'nvidia')).map((name) => path.join(site, 'nvidia', name, 'lib')),
      path.join(site, 'onnxruntime', 'capi'),
    ]);

/** Whether the wheel of ONNX Runtime that a folder belongs to has this version. */
const isVersionIn = (folder: string, version: string): boolean =>
  folder.endsWith(path.join('onnxruntime', 'capi')) &&
  existsSync(path.join(folder, '../..', `onnxruntime_gpu-${version}.dist-info`));

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The libraries that the dynamic linker knows, by their names. */
function systemLibraries(): Map<string, string> {
  const options = { encoding: 'utf8', env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` } } as const;
  let listed: string;
  try {
    listed = execFileSync('ldconfig', ['-p'], { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return new Map();
  }
  const pattern = /^\s*(\S+) \(libc6,x86-64[^)]*\) => (\S+)$/gm;
  return new Map([...listed.matchAll(pattern)].map(([, name, file]) => [name, file] as const));
}
