// A program of the project's own, written in TypeScript, as one file that Node runs.
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './project.mjs';

/** What is native finds its own binary files beside itself, and is found from node_modules; the rest is bundled as in the product. */
const external = [
  'onnxruntime-node',
  'onnxruntime-common',
  'onnxruntime-web',
  'sharp',
  'esbuild',
  '@tensorflow/tfjs-node-gpu',
  'node-fetch',
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

/** Bundles one program into dist/ and gives what it exports. */
export async function load(entryPoint, outfile, options = {}) {
  await bundle([entryPoint], { outfile, ...options });
  return createRequire(import.meta.url)(path.join(root, outfile));
}
