// Builds dist/: the command line, the trainer, the worker threads, the extension, the monitor page and the JSON Schema.
// `--watch` rebuilds on change.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(fileURLToPath(import.meta.url));
process.chdir(root);

/** Native or optional packages are loaded from node_modules, where they find their binaries. */
const native = ['onnxruntime-node', 'sharp', 'esbuild', '@tensorflow/tfjs-node-gpu', 'node-fetch', 'koffi'];

/**
 * The trainer is a separate bundle, loaded only when something is trained: `earthmover lint` loads no tensor library.
 * The CLI imports it as '../../trainer/train', which is './trainer.cjs' in dist/.
 */
const separateTrainer = {
  name: 'separate-trainer',
  setup(build) {
    build.onResolve({ filter: /^(\.\.\/)+trainer\/train$/ }, () => ({ path: './trainer.cjs', external: true }));
  },
};

/**
 * Commands that need native packages or archives are separate bundles for the same reason: './preview' is
 * './preview.cjs' in dist/.
 */
const separateCommands = {
  name: 'separate-commands',
  setup(build) {
    build.onResolve({ filter: /^\.\/(preview|download|reproduce)$/ }, ({ path: name }) => ({
      path: `${name}.cjs`,
      external: true,
    }));
  },
};

/**
 * VS Code's API as one object, asked for once. For each file with `import * as`, esbuild would copy its several hundred
 * names, which takes most of the time of loading the extension, and VS Code would look up again who asks.
 */
const oneApi = {
  name: 'one-api',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]extension[\\/].*\.ts$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replace(
        /^import \* as vscode from 'vscode';$/m,
        "const vscode = require('vscode');",
      ),
      loader: 'ts',
    }));
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === 'one-api' ? { external: true } : { path: 'vscode', namespace: 'one-api' },
    );
    build.onLoad({ filter: /^vscode$/, namespace: 'one-api' }, () => ({
      contents: "module.exports = require('vscode');",
    }));
  },
};

/** The part of the extension that is loaded on first use: '../lazy' is './lazy.cjs' in dist/. */
const lazyBundle = {
  name: 'lazy-bundle',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/(\.\.\/)*lazy$/ }, () => ({ path: './lazy.cjs', external: true }));
  },
};

const shared = { bundle: true, metafile: true, sourcemap: true, logLevel: 'info', legalComments: 'none' };
const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  external: native,
  // import() of the bundles by require(): Node would search all of their text for exports first, for half a second.
  supported: { 'dynamic-import': false },
};

/** Bundles by the name of their metafile. */
const bundles = {
  cli: {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.cjs',
    banner: { js: '#!/usr/bin/env node' },
    plugins: [separateTrainer, separateCommands],
  },
  preview: { ...node, entryPoints: ['src/cli/commands/preview.ts'], outfile: 'dist/preview.cjs' },
  download: { ...node, entryPoints: ['src/cli/commands/download.ts'], outfile: 'dist/download.cjs' },
  reproduce: {
    ...node,
    entryPoints: ['src/cli/commands/reproduce.ts'],
    outfile: 'dist/reproduce.cjs',
    // Without the optional canvas of Node: figures are SVG.
    alias: { 'vega-canvas': './node_modules/vega-canvas/build/vega-canvas.browser.js' },
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [separateTrainer],
  },
  trainer: { ...node, entryPoints: ['src/trainer/train.ts'], outfile: 'dist/trainer.cjs' },
  'task-worker': { ...node, entryPoints: ['src/trainer/taskWorker.ts'], outfile: 'dist/task-worker.cjs' },
  'evaluator-process': {
    ...node,
    entryPoints: ['src/trainer/evaluation/evaluatorProcess.ts'],
    outfile: 'dist/evaluator-process.cjs',
  },
  'prefetch-worker': { ...node, entryPoints: ['src/trainer/prefetch/worker.ts'], outfile: 'dist/prefetch-worker.cjs' },
  'interrupt-thread': { ...node, entryPoints: ['src/cli/interruptThread.ts'], outfile: 'dist/interrupt-thread.cjs' },
  layers: {
    ...shared,
    platform: 'neutral',
    target: 'es2022',
    format: 'esm',
    sourcemap: false,
    entryPoints: ['src/gan/layers/index.ts'],
    outfile: 'dist/export/layers.js',
    // Users of an exported model have all of TensorFlow.js, under this name.
    alias: { '@tensorflow/tfjs-core': '@tensorflow/tfjs', '@tensorflow/tfjs-layers': '@tensorflow/tfjs' },
    external: ['@tensorflow/tfjs'],
  },
  extension: {
    ...node,
    entryPoints: ['src/extension/extension.ts'],
    outfile: 'dist/extension.cjs',
    // Loaded at every start of the editor: whitespace and comments are a third. Names stay, for readable stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    external: [...native, 'vscode'],
    plugins: [lazyBundle, oneApi],
  },
  lazy: {
    ...node,
    entryPoints: ['src/extension/lazy.ts'],
    outfile: 'dist/lazy.cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    external: [...native, 'vscode'],
    plugins: [lazyBundle, oneApi],
  },
  'model-worker': {
    ...node,
    entryPoints: ['src/extension/models/modelWorker.ts'],
    outfile: 'dist/model-worker.cjs',
    minifyWhitespace: true,
    minifySyntax: true,
  },
  'check-worker': {
    ...node,
    entryPoints: ['src/extension/experiments/checkWorker.ts'],
    outfile: 'dist/check-worker.cjs',
    minifyWhitespace: true,
    minifySyntax: true,
  },
  webview: {
    ...shared,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    entryPoints: ['webview/main.ts', 'webview/main.css'].filter((file) => existsSync(file)),
    outdir: 'dist/webview',
  },
};

/**
 * The JSON Schemas of experiment and sweep files, generated from the schemas that validate, so that completion cannot
 * differ from them.
 */
async function writeSchemas() {
  const { experimentJsonSchema, hintsJsonSchema } = await loadSchemas('src/experiment/jsonSchema.ts');
  const { sweepJsonSchema, sweepHintsJsonSchema } = await loadSchemas('src/sweep/jsonSchema.ts');
  await mkdir('dist/schemas', { recursive: true });
  const write = (name, schema) => writeFile(`dist/schemas/${name}`, `${JSON.stringify(schema, null, 2)}\n`);
  await write('gan.schema.json', experimentJsonSchema());
  await write('sweep.schema.json', sweepJsonSchema());
  // For our own extension, which reports problems itself.
  await write('gan.hints.json', hintsJsonSchema());
  await write('sweep.hints.json', sweepHintsJsonSchema());
}

/** The exports of a module of the sources. */
async function loadSchemas(source) {
  const bundle = path.resolve('dist/meta', `${source.replaceAll('/', '-')}.mjs`);
  await esbuild.build({
    ...node,
    format: 'esm',
    entryPoints: [source],
    outfile: bundle,
    sourcemap: false,
    metafile: false,
    logLevel: 'warning',
  });
  const loaded = await import(`${pathToFileURL(bundle)}?${Date.now()}`);
  await rm(bundle);
  return loaded;
}

/** Writes dist/meta/<name>.json after each build: the contents of the bundle, for tests and inspection. */
const metafileWriter = (name) => ({
  name: 'metafile-writer',
  setup(build) {
    build.onEnd(async ({ metafile }) => {
      if (!metafile) return;
      await mkdir('dist/meta', { recursive: true });
      await writeFile(`dist/meta/${name}.json`, JSON.stringify(metafile));
    });
  },
});

/** esbuild does not print errors of onEnd, so they are printed here. */
async function writeSchemasOrReport() {
  try {
    await writeSchemas();
  } catch (error) {
    console.error(error);
    throw error;
  }
}

/** The font of figures, which fontconfig finds next to its configuration. */
async function writeFonts() {
  const ttf = path.join('node_modules', 'dejavu-fonts-ttf', 'ttf');
  if (!existsSync(ttf)) return;
  await mkdir('dist/fonts', { recursive: true });
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    await copyFile(path.join(ttf, name), path.join('dist', 'fonts', name));
  }
  const config = '<?xml version="1.0"?>\n<fontconfig><dir prefix="relative">.</dir></fontconfig>\n';
  await writeFile('dist/fonts/fonts.conf', config);
}

const schemaWriter = { name: 'schema-writer', setup: (build) => build.onEnd(writeSchemasOrReport) };

const wanted = Object.entries(bundles)
  .filter(([, { entryPoints }]) => entryPoints.length > 0 && entryPoints.every((file) => existsSync(file)))
  .map(([name, options]) => ({
    ...options,
    plugins: [...(options.plugins ?? []), metafileWriter(name), ...(name === 'cli' ? [schemaWriter] : [])],
  }));

try {
  if (process.argv.includes('--watch')) {
    for (const options of wanted) await (await esbuild.context(options)).watch();
  } else {
    await Promise.all([...wanted.map((options) => esbuild.build(options)), writeFonts()]);
    // Written last: scripts/lib/project.mjs compares its time with the sources'.
    await writeFile('dist/meta/built', '');
  }
} catch (error) {
  // esbuild has printed its own errors with their locations; any other error is printed here.
  if (!error.errors) console.error(error);
  process.exitCode = 1;
}
