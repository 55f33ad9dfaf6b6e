// `npm run bench`: bundles the benchmark and its contenders into dist/bench, then runs it with the arguments given.
import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const contenders = readdirSync('bench/contenders').filter((file) => file.endsWith('.ts'));
rmSync('dist/bench', { recursive: true, force: true });
await esbuild.build({
  entryPoints: ['bench/main.ts', ...contenders.map((file) => `bench/contenders/${file}`)],
  entryNames: '[name]',
  outdir: 'dist/bench',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // What is native finds its own binary files beside itself; the rest is bundled as in the product.
  external: ['onnxruntime-node', 'sharp', 'esbuild', '@tensorflow/tfjs-node-gpu', 'node-fetch'],
  logLevel: 'warning',
});

const { main } = createRequire(import.meta.url)(path.join(root, 'dist', 'bench', 'main.cjs'));
process.exitCode = await main(process.argv.slice(2), root);
