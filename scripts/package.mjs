// `npm run package [-- --target linux-x64 ...]`: makes dist/earthmover-<target>-<version>.vsix, with one platform's
// native files each.
import { readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyNativePackages, targets } from './lib/nativePackages.mjs';
import { thirdPartyNotices } from './lib/thirdPartyNotices.mjs';
import { build, install, requireNode, root } from './lib/project.mjs';

const require = createRequire(import.meta.url);

/** Fields of package.json that only matter for development. */
const ours = ['private', 'scripts', 'bin', 'dependencies', 'optionalDependencies', 'devDependencies', 'overrides'];

/** Copied unchanged; .vscodeignore selects what is packed. */
const parts = [
  ...['MARKETPLACE.md', 'SECURITY.md', 'SUPPORT.md', 'LICENSE', '.vscodeignore'],
  ...['docs', 'examples', 'media', 'snippets', 'l10n', 'dist'],
  ...readdirSync(root).filter((name) => /^package\.nls(\.[\w-]+)?\.json$/.test(name)),
];

const wanted = parse(process.argv.slice(2));
requireNode();
await install();
await build();
for (const target of wanted) {
  const started = performance.now();
  const { file, bytes, unpacked, files } = await packageFor(target);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${path.relative(process.cwd(), file)}  ${mega(bytes)} (${mega(unpacked)} unpacked, ${files} files), ${seconds} s`,
  );
}

/** `--target a --target b`, `--target a b` or `--target=a`, `all` for all; by default this platform. */
function parse(args) {
  const named = args.flatMap((arg) => arg.split('=')).filter((arg) => arg !== '--target');
  const list = named.length === 0 ? [`${process.platform}-${process.arch}`] : named.includes('all') ? targets : named;
  const unknown = list.find((target) => !targets.includes(target));
  if (unknown) fail(`Unknown target '${unknown}'. Targets: ${targets.join(', ')}, all.`);
  const foreign = list.find((target) => process.platform === 'win32' && !target.startsWith('win32'));
  if (foreign)
    fail(
      `A package for ${foreign} contains executables, which Windows cannot mark as such. Build it on Linux or macOS.`,
    );
  return [...new Set(list)];
}

async function packageFor(target) {
  const staging = await mkdtemp(path.join(tmpdir(), 'earthmover-package-'));
  try {
    for (const part of parts) await copy(part, staging);
    // Below dist/ and not at the top level, where vsce would resolve node_modules with npm.
    const packages = await copyNativePackages(target, path.join(staging, 'dist', 'node_modules'));
    await writeFile(path.join(staging, 'ThirdPartyNotices.txt'), thirdPartyNotices(packages));
    await writeFile(path.join(staging, 'CHANGELOG.md'), await releasedChanges());
    const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    const kept = Object.fromEntries(Object.entries(manifest).filter(([key]) => !ours.includes(key)));
    kept.engines = { vscode: manifest.engines.vscode };
    await writeFile(path.join(staging, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);

    const file = path.join(root, 'dist', `${manifest.name}-${target}-${manifest.version}.vsix`);
    await mkdir(path.dirname(file), { recursive: true });
    const { createVSIX, listFiles } = require('@vscode/vsce');
    // The page of the extension is for its users; README.md is for those who have the sources.
    const options = { cwd: staging, dependencies: false, readmePath: 'MARKETPLACE.md' };
    await quietly(() =>
      createVSIX({ ...options, packagePath: file, target, allowMissingRepository: true, rewriteRelativeLinks: false }),
    );
    const files = await listFiles({ ...options, packageManager: 2 });
    const sizes = await Promise.all(files.map(async (name) => (await stat(path.join(staging, name))).size));
    return { file, bytes: (await stat(file)).size, unpacked: sizes.reduce((a, b) => a + b, 0), files: files.length };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The changelog; the version that is packaged is the one that its sources call unreleased. */
async function releasedChanges() {
  const text = await readFile(path.join(root, 'CHANGELOG.md'), 'utf8');
  return text.replace(/^(## .*) \(unreleased\)$/gm, '$1');
}

async function copy(part, staging) {
  // Large by-products of builds and benchmarks are never packed.
  const leftOut = /\.(map|vsix)$|[\\/]dist[\\/](meta|bench|e2e)$/;
  await cp(path.join(root, part), path.join(staging, part), {
    recursive: true,
    filter: (file) => !leftOut.test(file),
  }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Silences vsce's six-line success message in favor of our one line; its warnings stay. */
async function quietly(work) {
  const { log } = console;
  console.log = () => {};
  try {
    return await work();
  } finally {
    console.log = log;
  }
}

function mega(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
