// `npm start [-- FILE options]`: from a fresh clone to a training run. Installs and builds what is missing, then trains.
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, install, requireNode, root } from './lib/project.mjs';

const example = path.join(root, 'examples', 'eight-gaussians.gan.json');
/** `npm start -- resume RUN` and the like go to the command line as they are. */
const commands = ['train', 'resume', 'stop', 'lint', 'doctor', 'help', '--help', '-h', '--version'];

requireNode();
await install();
await build();

const given = process.argv.slice(2);
const [first = '-'] = given;
const args = commands.includes(first) ? given : ['train', ...(first.startsWith('-') ? [example] : []), ...given];

// npm moves to the project's root; files named on the command line are meant from where it was typed.
process.chdir(process.env.INIT_CWD ?? process.cwd());
// In this process, not in a child: signals, terminal and exit code need no forwarding.
const cli = path.join(root, 'dist', 'cli.cjs');
process.argv = [process.execPath, cli, ...args];
createRequire(import.meta.url)(cli);
