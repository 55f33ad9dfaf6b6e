// `npm run test:faults [-- --short] [--only KIND] [--seed S] [--trial N]`: kills, damage, full disks, races, hostile files
// and texts, each many times. `npm run fuzz -- --minutes M`: what reads hostile input, with fresh seeds.
import path from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { build, install, requireNode, root, run } from './lib/project.mjs';

requireNode();
await install();
await build();
const outfile = path.join(root, 'dist', 'meta', 'faults.cjs');
await bundle(['test/faults/main.ts'], { outfile, sourcemap: 'inline' });
process.exitCode = await run(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  env: { ...process.env, EARTHMOVER_ROOT: root },
});
