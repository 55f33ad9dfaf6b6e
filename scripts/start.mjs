// `npm start [-- FILE options]`: from a fresh clone to a training run. Installs and builds if necessary, then trains.
import { createRequire } from 'node:module';
import path from 'node:path';
import { build, install, requireNode, root } from './lib/project.mjs';

const example = path.join(root, 'examples', 'eight-gaussians.gan.json');
/** Arguments that start with a command, as in `npm start -- resume RUN`, are passed on unchanged. */
const commands = [
  ...['train', 'resume', 'stop', 'runs', 'export', 'lint', 'graph', 'preview', 'download', 'install', 'doctor'],
  ...['help', '--help', '-h', '--version'],
];

requireNode();
await install();
await build();

const given = process.argv.slice(2);
const [first = '-'] = given;
const args = commands.includes(first) ? given : ['train', ...(first.startsWith('-') ? [example] : []), ...given];

// npm changes to the root of the project; paths on the command line are relative to the folder where it was started.
process.chdir(process.env.INIT_CWD ?? process.cwd());
// In this process, not in a child: signals, terminal and exit code need no forwarding.
const cli = path.join(root, 'dist', 'cli.cjs');
process.argv = [process.execPath, cli, ...args];
createRequire(import.meta.url)(cli);
