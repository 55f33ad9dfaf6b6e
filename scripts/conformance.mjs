// `npm run test:conformance [-- --only TEXT]`: runs the specs that TensorFlow.js ships for its backends on ours.
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { requireNode, root, run } from './lib/project.mjs';

requireNode();
// Inside the project, where the packages that stay outside of the bundle are found.
const folder = mkdtempSync(path.join(root, 'node_modules', '.conformance-'));
try {
  const outfile = path.join(folder, 'conformance.cjs');
  await esbuild.build({
    entryPoints: [path.join(root, 'test', 'conformance', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    // TensorFlow.js declares its specs free of side effects, so that a bundler would leave all of them out.
    ignoreAnnotations: true,
    external: ['onnxruntime-node', 'onnxruntime-common', 'onnxruntime-web', 'jasmine-core', 'node-fetch', 'esbuild'],
    logLevel: 'error',
  });
  process.exitCode = await run(process.execPath, [outfile, ...process.argv.slice(2)]);
} finally {
  rmSync(folder, { recursive: true });
}
