// Bundles the project's own TypeScript programs into single files that Node runs.
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './project.mjs';

/**
 * Native packages stay in node_modules, where they find their binaries; everything else is bundled, as in the product.
 */
const external = [
  'onnxruntime-node',
  'onnxruntime-common',
  'onnxruntime-web',
  'sharp',
  'esbuild',
  '@tensorflow/tfjs-node-gpu',
  'node-fetch',
  'koffi',
];

/** Bundles `entryPoints`, relative to the project, with esbuild's `options`: `outfile`, or `outdir` for several. */
export const bundle = (entryPoints, { external: more = [], ...options }) =>
  esbuild.build({
    absWorkingDir: root,
    entryPoints,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: [...external, ...more],
    logLevel: 'warning',
    ...options,
  });

/** Bundles one program into dist/ and returns its exports. */
export async function load(entryPoint, outfile, options = {}) {
  await bundle([entryPoint], { outfile, ...options });
  return createRequire(import.meta.url)(path.resolve(root, outfile));
}
