// `npm run peers [-- --python PATH] [--write]`: bundles the comparison with PyTorch into dist/peers and runs it.
import { load } from './lib/bundle.mjs';
import { root } from './lib/project.mjs';

const { main } = await load('bench/peers/compare.ts', 'dist/peers/compare.cjs');
process.exitCode = await main(root, process.argv.slice(2));
