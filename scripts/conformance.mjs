// `npm run test:conformance [-- --only TEXT]`: runs the specs that TensorFlow.js ships for its backends on ours.
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { requireNode, root, run } from './lib/project.mjs';

requireNode();
// Inside the project, where the packages that stay outside of the bundle are found.
const folder = mkdtempSync(path.join(root, 'node_modules', '.conformance-'));
try {
  const outfile = path.join(folder, 'conformance.cjs');
  await bundle(['test/conformance/main.ts'], {
    outfile,
    // TensorFlow.js declares its specs free of side effects, so that a bundler would leave all of them out.
    ignoreAnnotations: true,
    external: ['jasmine-core'],
    logLevel: 'error',
  });
  process.exitCode = await run(process.execPath, [outfile, ...process.argv.slice(2)]);
} finally {
  rmSync(folder, { recursive: true });
}
