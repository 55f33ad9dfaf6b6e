// What is missing for CUDA, with drivers made up for the test in C: each gives the answers of a machine.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canCompile, cLibrary } from '../../../test/support/cLibrary';
import { environment } from '../../../test/support/environment';
import { cudaPackages } from './packages';
import { findCuda } from './probe';

/** @param init what cuInit returns */
function driver(init: number, version = 13_000): void {
  const file = cLibrary(
    'libcuda.so.1',
    `int cuInit(unsigned flags) { return ${init}; }
     int cuDriverGetVersion(int *version) { *version = ${version}; return 0; }
     int cuDeviceGet(int *device, int index) { *device = index; return 0; }
     int cuDeviceGetName(char *name, int length, int device) { __builtin_strcpy(name, "Test GPU"); return 0; }`,
  );
  environment({ LD_LIBRARY_PATH: path.dirname(file) });
}

const absent = () => cudaPackages.map((one) => ({ ...one, files: null }));
const linux = 'linux-x64';
const todo = 'It needs an NVIDIA GPU with the driver 580 or newer (CUDA 13).';

it('is for Linux x64 only', async () => {
  expect(await findCuda('darwin-arm64')).toEqual({
    problem: 'CUDA is supported on Linux x64 only, and this is darwin arm64',
    todo: '',
  });
});

it('needs a driver first', async () => {
  environment({ LD_LIBRARY_PATH: '' });
  const found = await findCuda(linux, absent);
  // On a machine with a driver, the libraries are missing.
  if ('problem' in found && found.problem.startsWith('no NVIDIA')) expect(found.todo).toBe(todo);
  else expect(found).toMatchObject({ todo: expect.any(String) as string });
});

describe.skipIf(!canCompile())('with a driver', () => {
  it('finds no GPU', async () => {
    driver(100);
    expect(await findCuda(linux, absent)).toEqual({ problem: 'the NVIDIA driver finds no GPU', todo });
  });

  it('reports an error of the driver', async () => {
    driver(803);
    const problem = 'the NVIDIA driver does not work (cuInit returned 803)';
    expect(await findCuda(linux, absent)).toEqual({ problem, todo });
  });

  it('needs one for CUDA 13', async () => {
    driver(0, 12_040);
    const problem = 'the driver of Test GPU supports CUDA 12.4 at most';
    expect(await findCuda(linux, absent)).toEqual({ problem, todo });
  });

  it('names the libraries that are missing, and the command that installs them', async () => {
    driver(0);
    const some = () => absent().map((one, i) => (i < 5 ? { ...one, files: ['x'] } : one));
    expect(await findCuda(linux, some)).toEqual({
      problem: 'Test GPU was found, but not the libraries that CUDA needs (nvidia-cudnn-cu13)',
      todo: 'Run "earthmover install cuda".',
    });
  });

  it('reports a library that does not load', async () => {
    driver(0);
    const damaged = path.join(path.dirname(cLibrary('libA.so', '')), 'code.c');
    const all = () => cudaPackages.map((one) => ({ ...one, files: [damaged] }));
    expect(await findCuda(linux, all)).toMatchObject({
      problem: expect.stringMatching(/^CUDA does not work on Test GPU \(.*code\.c.*\)$/) as string,
    });
  });

  it('works if the runtime can load its provider', async () => {
    driver(0);
    // The functions 2, 3, 205 and 206 of the API: the message of a status, the environment, and options.
    const runtime = (status: string) =>
      cLibrary(
        'libonnxruntime.so',
        `static void *message(void *status) { return status; }
         static void *environment(int level, const char *id, void **made) { *made = made; return 0; }
         static void *create(void **options) { *options = options; return 0; }
         static void *update(void *o, const char **keys, const char **values, unsigned long n) {
           return n == 1 && !__builtin_strcmp(keys[0], "device_id") && !__builtin_strcmp(values[0], "0") ? ${status} : "wrong";
         }
         static void *table[300] = { [2] = message, [3] = environment, [205] = create, [206] = update };
         static void *api(unsigned version) { return version >= 23 ? table : 0; }
         static void *base[1] = { api };
         void *OrtGetApiBase(void) { return base; }`,
      );
    const other = cLibrary('libB.so', '');
    const withRuntime = (status: string) => () =>
      cudaPackages.map((one, i) => ({ ...one, files: [i === 0 ? runtime(status) : other] }));
    expect(await findCuda(linux, withRuntime('0'))).toEqual({ found: { name: 'Test GPU', software: false } });
    const message = '"/src/a.cc:1 f() [ONNXRuntimeError] CUDA failure 35: driver too old ; GPU=-1 ; more"';
    expect(await findCuda(linux, withRuntime(message))).toEqual({
      problem: 'CUDA does not work on Test GPU (CUDA failure 35: driver too old)',
      todo,
    });
  });
});
