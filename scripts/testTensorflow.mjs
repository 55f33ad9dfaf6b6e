// `npm run test:tensorflow`: builds the native addon of tfjs-node-gpu against PyPI's TensorFlow and tests the
// tensorflow engine with it.
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cached } from './lib/cache.mjs';
import { bin, build, install, requireNode, root, run } from './lib/project.mjs';
import { runQuietly } from './lib/runQuietly.mjs';

/** The TensorFlow version that the package's install script would download, as a wheel from PyPI. */
const WHEEL = [
  'tensorflow-cpu==2.9.1',
  '--python-version',
  '3.10',
  '--platform',
  'manylinux_2_17_x86_64',
  '--platform',
  'manylinux2014_x86_64',
];
const PACKAGE = '@tensorflow/tfjs-node-gpu';

requireNode();
await install();
await build();
const reason = missing();
if (reason) skip(reason);
try {
  const folder = await cached('tensorflow-2.9.1', fill);
  const env = { ...process.env, EARTHMOVER_PACKAGES: folder, LD_PRELOAD: await libpython() };
  const code = await run(process.execPath, [bin('vitest', 'vitest.mjs'), 'run', '--project', 'tensorflow'], { env });
  process.exitCode = code;
} catch (error) {
  skip(error.message);
}

function missing() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `the wheel is for linux x64, not ${process.platform} ${process.arch}`;
  if (!existsSync(path.join(root, 'node_modules', PACKAGE))) return `the package ${PACKAGE} is not installed`;
  return undefined;
}

function skip(why) {
  console.log(`Skipped the tensorflow engine tests: ${why.split('\n')[0]}`);
  process.exit(0);
}

/** Creates a folder with the package, libtensorflow, the compiled addon, and links to the project's packages. */
async function fill(folder) {
  await must('Downloading TensorFlow 2.9.1 (once, 207 MB)', 'python3', [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '-q',
    '-d',
    folder,
    ...WHEEL,
  ]);
  const [wheel] = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
  await must('Unpacking TensorFlow', 'python3', [
    '-m',
    'zipfile',
    '-e',
    path.join(folder, wheel),
    path.join(folder, 'wheel'),
  ]);
  const home = path.join(folder, 'node_modules', PACKAGE);
  await cp(path.join(root, 'node_modules', PACKAGE), home, { recursive: true });
  const [lib, tensorflow] = [path.join(home, 'deps', 'lib'), path.join(folder, 'wheel', 'tensorflow')];
  await mkdir(lib, { recursive: true });
  await cp(path.join(tensorflow, 'include'), path.join(home, 'deps', 'include'), { recursive: true });
  // Python's extension module contains all of libtensorflow, the C API included, and is linked by its soname.
  const inner = '_pywrap_tensorflow_internal.so';
  await cp(path.join(tensorflow, 'python', inner), path.join(lib, inner));
  await cp(path.join(tensorflow, 'libtensorflow_framework.so.2'), path.join(lib, 'libtensorflow_framework.so.2'));
  await symlink(inner, path.join(lib, 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', path.join(lib, 'libtensorflow_framework.so'));
  const addon = path.join(home, 'lib', 'napi-v8');
  await mkdir(addon, { recursive: true });
  const headers = [path.join(path.dirname(process.execPath), '..', 'include', 'node'), '/usr/include/node'].find((at) =>
    existsSync(path.join(at, 'node_api.h')),
  );
  if (!headers) throw new Error('the headers of Node.js are not installed');
  await must('Building the addon', 'g++', [
    ...['-shared', '-fPIC', '-O1', '-std=c++17', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...['-I', path.join(home, 'deps', 'include'), '-I', home, '-I', headers],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => path.join(home, 'binding', file)),
    ...['-L', lib, '-ltensorflow', '-ltensorflow_framework', '-Wl,--allow-shlib-undefined'],
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', path.join(addon, 'tfjs_binding.node')],
  ]);
  await linkPackages(folder);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
}

/** Links to the packages that tfjs-node-gpu needs. */
async function linkPackages(folder) {
  for (const scope of ['', '@tensorflow', '@mapbox']) {
    const [from, to] = [path.join(root, 'node_modules', scope), path.join(folder, 'node_modules', scope)];
    await mkdir(to, { recursive: true });
    for (const name of await readdir(from)) {
      if (!name.startsWith('.') && !existsSync(path.join(to, name)) && !(scope === '' && name.startsWith('@')))
        await symlink(path.join(from, name), path.join(to, name));
    }
  }
}

/** The extension module needs Python's symbols to load, although none is called. */
async function libpython() {
  const code =
    'import sysconfig as s, os; print("found", os.path.join(s.get_config_var("LIBDIR"), s.get_config_var("INSTSONAME")))';
  const { output } = await runQuietly('Looking for libpython', 'python3', ['-c', code]);
  const file = /^found (.*)$/m.exec(output)?.[1];
  if (!file || !existsSync(file)) throw new Error('libpython is not installed (Debian: libpython3-dev)');
  return file;
}

async function must(title, command, args) {
  const { code, output } = await runQuietly(title, command, args);
  if (code === 130) process.exit(130);
  if (code !== 0) throw new Error(`${title} failed: ${output.trim().split('\n').at(-1)}`);
}
