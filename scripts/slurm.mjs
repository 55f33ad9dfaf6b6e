// `npm run test:slurm [-- FILE] [--max N] [--at-once N] [--steps N]`: trains a sweep on this machine and on a test
// cluster, and compares their tables, digit by digit.
import path from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { build, install, requireNode, root, run } from './lib/project.mjs';
import { provideSlurm } from './lib/systemPackages.mjs';

requireNode();
await install();
await build();
await provideSlurm();
const outfile = path.join(root, 'dist', 'meta', 'slurm.cjs');
await bundle(['test/slurm/main.ts'], { outfile, sourcemap: 'inline' });
process.exitCode = await run(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  env: { ...process.env, EARTHMOVER_ROOT: root },
});
