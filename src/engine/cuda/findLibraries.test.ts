// Finding CUDA libraries in folders made up for the test.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { cudaFolder, findCudaLibraries, preloadedFiles } from './findLibraries';
import { cudaPackages, onnxRuntime, packageFolder } from './packages';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'earthmover-cuda-'));
  folder = path.join(root, 'own');
  return () => rmSync(root, { recursive: true });
});

function put(...names: string[]): string {
  const file = path.join(root, ...names);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

const all = cudaPackages.map(({ name }) => name);
const install = (): void =>
  cudaPackages.forEach((one) => one.libraries.forEach((library) => put('own', packageFolder(one), library)));
const none = () => new Map<string, string>();
/** The packages that were found in an environment. */
const found = (env: NodeJS.ProcessEnv = {}, system: () => ReadonlyMap<string, string> = none): string[] =>
  findCudaLibraries({ folder, env, system }).flatMap(({ name, files }) => (files ? name : []));

it('is the runtime that onnxruntime-node was built with', () => {
  const manifest = path.resolve('node_modules/onnxruntime-node/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  expect(onnxRuntime.version).toBe(version);
  for (const { file, sha256, libraries, keep, name, version: v } of cudaPackages) {
    expect(file.startsWith(`${name.replaceAll('-', '_')}-${v}-`)).toBe(true);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const library of libraries) expect(library).toMatch(keep);
  }
});

it('has its folder in the data folder, or where EARTHMOVER_CUDA says', () => {
  expect(cudaFolder({})).toBe(path.join(os.homedir(), '.local/share/earthmover/cuda'));
  expect(cudaFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/earthmover/cuda');
  expect(cudaFolder({ XDG_DATA_HOME: 'relative' })).toBe(path.join(os.homedir(), '.local/share/earthmover/cuda'));
  expect(cudaFolder({ XDG_DATA_HOME: '/data', EARTHMOVER_CUDA: '/other' })).toBe('/other');
});

it('finds nothing where nothing is', () => expect(found()).toEqual([]));

it('finds its own packages, but none of which a library is missing', () => {
  install();
  expect(found()).toEqual(all);
  rmSync(path.join(root, 'own', 'nvidia-cublas-13.0.2.14', 'libcublasLt.so.13'));
  expect(found()).toEqual(all.filter((name) => name !== 'nvidia-cublas'));
});

it.each(['CUDA_HOME', 'CUDA_PATH'])('finds the toolkit of %s', (variable) => {
  put('toolkit/lib64/libcudart.so.13');
  put('toolkit/lib64/libcublas.so.13');
  put('toolkit/lib64/libcublasLt.so.13');
  expect(found({ [variable]: path.join(root, 'toolkit') })).toEqual(['nvidia-cuda-runtime', 'nvidia-cublas']);
});

it('finds libraries of LD_LIBRARY_PATH and of the linker, and prefers the former', () => {
  const file = put('a/libcudart.so.13');
  const system = () =>
    new Map([
      ['libcudart.so.13', '/usr/lib/libcudart.so.13'],
      ['libcurand.so.10', '/usr/lib/libcurand.so.10'],
    ]);
  const env = { LD_LIBRARY_PATH: `:${path.join(root, 'a')}` };
  expect(found(env, system)).toEqual(['nvidia-cuda-runtime', 'nvidia-curand']);
  expect(findCudaLibraries({ folder, env, system })[1].files).toEqual([file]);
});

it('finds wheels of a Python environment, but ONNX Runtime in our version only', () => {
  const site = 'venv/lib/python3.12/site-packages';
  put(site, 'nvidia/cu13/lib/libcublas.so.13');
  put(site, 'nvidia/cu13/lib/libcublasLt.so.13');
  put(site, 'nvidia/cudnn/lib/libcudnn.so.9');
  for (const name of onnxRuntime.libraries) put(site, 'onnxruntime/capi', name);
  const env = { VIRTUAL_ENV: path.join(root, 'venv') };
  put(site, 'onnxruntime_gpu-1.29.0.dist-info/METADATA');
  expect(found(env)).toEqual(['nvidia-cublas', 'nvidia-cudnn-cu13']);
  put(site, `onnxruntime_gpu-${onnxRuntime.version}.dist-info/METADATA`);
  expect(found(env)).toEqual(['onnxruntime-gpu', 'nvidia-cublas', 'nvidia-cudnn-cu13']);
});

it('does not take a cuDNN that may be for another CUDA', () => {
  const system = new Map([
    ['libcudnn.so.9', '/usr/lib/libcudnn.so.9'],
    ['libcublas.so.12', '/usr/lib/libcublas.so.12'],
  ]);
  expect(found({}, () => system)).toEqual([]);
});

it("loads NVRTC's builtins and cuBLAS' parts first, and not ONNX Runtime", () => {
  install();
  const builtins = put('own', 'nvidia-cuda-nvrtc-13.0.88', 'libnvrtc-builtins.so.13.0');
  const files = preloadedFiles(findCudaLibraries({ folder, env: {}, system: none }));
  expect(files[1]).toBe(builtins);
  expect(files.map((file) => path.basename(file))).toEqual([
    'libcudart.so.13',
    'libnvrtc-builtins.so.13.0',
    'libnvrtc.so.13',
    'libcublasLt.so.13',
    'libcublas.so.13',
    'libcurand.so.10',
    'libcudnn.so.9',
  ]);
});
