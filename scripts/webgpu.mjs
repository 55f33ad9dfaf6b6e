// `npm run test:webgpu [-- operations|kernels|winograd|convolutions [--cases 2000] [--seed 2]]`: compares WebGPU with the CPU, on
// the software GPU that comes with Chromium if it is installed, else on the machine's own.
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle, load } from './lib/bundle.mjs';
import { requireNode, root, run } from './lib/project.mjs';

requireNode();
// Inside the project, so that unbundled packages are resolved.
const folder = mkdtempSync(path.join(root, 'node_modules', '.webgpu-'));
try {
  const outfile = path.join(folder, 'webgpu.cjs');
  await bundle(['test/webgpu/main.ts'], { outfile, logLevel: 'error' });
  const { softwareVulkan } = await load('test/support/softwareVulkan.ts', path.join(folder, 'vulkan.cjs'));
  Object.assign(process.env, softwareVulkan());
  process.exitCode = await run(process.execPath, [outfile, ...process.argv.slice(2)]);
} finally {
  rmSync(folder, { recursive: true });
}
