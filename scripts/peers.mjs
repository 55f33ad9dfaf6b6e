// `npm run peers`: bundles the comparison with PyTorch into dist/peers and runs it.
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const outfile = path.join(root, 'dist', 'peers', 'compare.cjs');
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['bench/peers/compare.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // What is native finds its own binary files beside itself; the rest is bundled as in the product.
  external: ['onnxruntime-node', 'sharp', 'esbuild', '@tensorflow/tfjs-node-gpu', 'node-fetch'],
  logLevel: 'warning',
});

const { main } = createRequire(import.meta.url)(outfile);
process.exitCode = await main(root);
