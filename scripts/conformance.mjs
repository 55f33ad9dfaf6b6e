// `npm run test:conformance [-- --only TEXT]`: runs the backend specs of TensorFlow.js on our backend.
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { requireNode, root, run } from './lib/project.mjs';

requireNode();
// Inside the project, so that unbundled packages are resolved.
const folder = mkdtempSync(path.join(root, 'node_modules', '.conformance-'));
try {
  const outfile = path.join(folder, 'conformance.cjs');
  await bundle(['test/conformance/main.ts'], {
    outfile,
    // TensorFlow.js marks its specs as free of side effects; without this a bundler would drop them all.
    ignoreAnnotations: true,
    external: ['jasmine-core'],
    logLevel: 'error',
  });
  process.exitCode = await run(process.execPath, [outfile, ...process.argv.slice(2)]);
} finally {
  rmSync(folder, { recursive: true });
}
