// The unbundled packages with native files, reduced to the files of one platform.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.mjs';
import { npm, root } from './project.mjs';
import { runQuietly } from './runQuietly.mjs';

/** Platforms with native ONNX Runtime binaries, in VS Code's notation: process.platform-process.arch. */
export const native = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/** Intel Macs and musl Linux, where ONNX Runtime runs as WebAssembly. */
const wasm = ['darwin-x64', 'alpine-x64', 'alpine-arm64'];

export const targets = [...native, ...wasm];

/** Package → filter on paths within it: the files needed at run time, without types, sources and other platforms. */
const packagesFor = (target) => {
  const [platform, arch] = target.split('-');
  const system = platform === 'alpine' ? 'linux' : platform;
  const libc = platform === 'alpine' ? 'linuxmusl' : platform;
  return {
    ...(native.includes(target) ? nativeRuntime(platform, arch) : wasmRuntime),
    sharp: (file) => isScript(file, 'lib/'),
    'detect-libc': (file) => isScript(file, 'lib/'),
    semver: (file) => isScript(file, ''),
    '@img/colour': (file) => file.endsWith('.cjs'),
    [`@img/sharp-${libc}-${arch}`]: () => true,
    // On Windows the previous package includes libvips.
    ...(platform === 'win32' ? {} : { [`@img/sharp-libvips-${libc}-${arch}`]: (file) => !file.startsWith('include/') }),
    esbuild: (file) => file === 'lib/main.js',
    [`@esbuild/${system}-${arch}`]: () => true,
  };
};

const nativeRuntime = (platform, arch) => {
  const onnx = `bin/napi-v6/${platform}/${arch}/`;
  return {
    // On macOS the library is present under two names; the binding uses the shorter one.
    'onnxruntime-node': (file) =>
      isScript(file, 'dist/') || (file.startsWith(onnx) && !/\.\d+\.\d+\.\d+\.dylib$/.test(file)),
    'onnxruntime-common': (file) => isScript(file, 'dist/cjs/') || file === 'dist/cjs/package.json',
    // Calls the library's C API; its binary is a package of its own, on Linux with one for musl.
    koffi: (file) => ['index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs'].includes(file),
    [`@koromix/koffi-${platform}-${arch}`]: (file) => file === 'index.js' || file === `${platform}_${arch}/koffi.node`,
  };
};

/** The entry point for Node and the CPU build: 14 of the package's 100 MB. */
const wasmRuntime = {
  'onnxruntime-web': (file) => /^dist\/(ort\.node\.min\.js|ort-wasm-simd-threaded\.(mjs|wasm))$/.test(file),
  'onnxruntime-common': (file) => isScript(file, 'dist/cjs/') || file === 'dist/cjs/package.json',
};

/**
 * Copies the files that the target needs into `folder/<package>`; resolves to the packages with their source folders.
 */
export async function copyNativePackages(target, folder) {
  const packages = [];
  for (const [name, isNeeded] of Object.entries(packagesFor(target))) {
    const source = await provide(name);
    const kept = (file) => isNeeded(file) || isLegal(file) || file === 'package.json';
    const files = (await readdir(source, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(source, path.join(entry.parentPath ?? entry.path, entry.name)))
      .filter((file) => kept(file.split(path.sep).join('/')));
    for (const file of files) {
      const to = path.join(folder, name, file);
      await mkdir(path.dirname(to), { recursive: true });
      await cp(path.join(source, file), to);
    }
    if (files.length < 2)
      throw new Error(`The package ${name} has none of the expected files; see ${import.meta.url}.`);
    packages.push({ name, folder: source });
  }
  return packages;
}

/** The package as installed here, or for another platform the same version from the registry. */
async function provide(name) {
  const installed = path.join(root, 'node_modules', name);
  if (existsSync(path.join(installed, 'package.json'))) return installed;
  const locked = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages[
    `node_modules/${name}`
  ];
  if (!locked?.integrity) throw new Error(`package-lock.json does not know ${name}; run \`npm install\`.`);
  const folder = `${name.replace('/', '-')}-${locked.version}`;
  return path.join(await cached(folder, (target) => fetchPackage(name, locked, target)), 'package');
}

/** Downloads a package, verifies it against package-lock.json, and unpacks it into `folder/package`. */
async function fetchPackage(name, { version, integrity }, folder) {
  const [command, ...start] = npm();
  const spec = `${name}@${version}`;
  const pack = await runQuietly(`Downloading ${spec} (once)`, command, [...start, 'pack', spec, '--json', '--silent'], {
    cwd: folder,
  });
  if (pack.code === 130) process.exit(130);
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (pack.code !== 0 || !archive) throw new Error(`${spec} could not be downloaded:\n${pack.output}`);
  const [algorithm, expected] = integrity.split(/-(.*)/);
  const actual = createHash(algorithm)
    .update(readFileSync(path.join(folder, archive)))
    .digest('base64');
  if (actual !== expected) throw new Error(`${spec} does not match package-lock.json: its ${algorithm} is ${actual}.`);
  // tar is part of Linux, macOS and Windows 10.
  const unpack = await runQuietly(`Unpacking ${spec}`, 'tar', ['-xzf', archive], { cwd: folder });
  if (unpack.code !== 0) throw new Error(`${archive} could not be unpacked:\n${unpack.output}`);
  await rm(path.join(folder, archive));
}

const isScript = (file, folder) => file.startsWith(folder) && /\.[cm]?js$/.test(file);
const isLegal = (file) => /^(licen[cs]e|notice|third.?party)/i.test(path.posix.basename(file));
