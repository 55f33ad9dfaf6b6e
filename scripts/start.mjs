// `npm start [-- FILE options]`: from a fresh clone to a training run. Installs and builds if necessary, then trains.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, install, requireNode, root } from './lib/project.mjs';

const example = path.join(root, 'examples', 'eight-gaussians.gan.json');
/** Options of the command line itself, not of `train`. */
const global = ['--help', '-h', '--version'];

requireNode();
await install();
await build();

const given = process.argv.slice(2);
const [first = '-'] = given;
const isOption = first.startsWith('-') && !global.includes(first);
const isFile = /\.jsonc?$/.test(first) || existsSync(path.resolve(process.env.INIT_CWD ?? process.cwd(), first));
// Everything else is a command, as in `npm start -- resume RUN`, and passed on unchanged.
const args = isOption ? ['train', example, ...given] : isFile ? ['train', ...given] : given;

// npm changes to the root of the project; paths on the command line are relative to the folder where it was started.
process.chdir(process.env.INIT_CWD ?? process.cwd());
// In this process, not in a child: signals, terminal and exit code need no forwarding.
const cli = path.join(root, 'dist', 'cli.cjs');
process.argv = [process.execPath, cli, ...args];
createRequire(import.meta.url)(cli);
