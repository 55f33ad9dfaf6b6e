// Set-up of a fresh clone, shared by all scripts: checks Node, installs packages, builds dist/.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './runQuietly.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const inRoot = (...parts) => path.join(root, ...parts);

/** Exits with a clear message if Node is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 9)) return;
  console.error(
    `Earthmover needs Node.js 20.9 or newer; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  );
  process.exit(2);
}

/** Installs the packages if they are missing or older than package-lock.json. Exits with 2 if that fails. */
export async function install() {
  // npm writes this file last, so an interrupted install does not count.
  const installed = inRoot('node_modules', '.package-lock.json');
  if (modified(installed) >= modified(inRoot('package-lock.json'))) return;
  if (existsSync(installed) && isAsLocked(installed)) return utimesSync(installed, new Date(), new Date());
  const [command, ...start] = npm();
  const args = [...start, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const result = await runQuietly('Installing packages (once; a minute or two)', command, args, { cwd: root });
  if (result.code === 0) return;
  const reasons = result.output.split('\n').filter((line) => /^npm (error|ERR!) /.test(line));
  console.error(
    `${reasons.slice(0, 12).join('\n') || result.output}\n\nThe packages could not be installed: ${adviceFor(result.output)}`,
  );
  process.exit(result.code === 130 ? 130 : 2);
}

/** Builds dist/ if it is missing or older than its sources. Exits with 2 if that fails. */
export async function build() {
  const sources = ['src', 'webview', 'esbuild.mjs', 'package-lock.json', 'tsconfig.json'];
  if (modified(inRoot('dist', 'meta', 'built')) >= Math.max(...sources.map((name) => newest(inRoot(name))))) return;
  const result = await runQuietly('Building', process.execPath, [inRoot('esbuild.mjs')], { cwd: root });
  if (result.code === 0) return;
  console.error(`${result.output.trimEnd()}\n\nThe build failed.`);
  process.exit(result.code === 130 ? 130 : 2);
}

/** Runs a command in this terminal; resolves to its exit code, or to 128 + the signal's number, as in shells. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** The path of a file in node_modules, to be run with this Node: without a shell, so the same on Windows. */
export const bin = (...parts) => inRoot('node_modules', ...parts);

/**
 * The npm that started this script, as a command and its first arguments; otherwise the one that ships with this Node,
 * or the one on the PATH.
 */
export function npm() {
  const own = process.env.npm_execpath;
  if (own && /npm-cli\.[cm]?js$/.test(own)) return [process.execPath, own];
  const folder = path.dirname(process.execPath);
  const bundled = [
    path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((file) => existsSync(file));
  return bundled ? [process.execPath, bundled] : ['npm'];
}

/**
 * Whether node_modules matches the lock file although its time differs (after a checkout): a reinstallation would take
 * a minute.
 */
function isAsLocked(installed) {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const [is, wanted] = [read(installed), read(inRoot('package-lock.json'))];
  const same = (name) => wanted[name]?.version === is[name].version && wanted[name].integrity === is[name].integrity;
  // Optional packages of other platforms are locked but not installed.
  const missing = Object.keys(wanted).filter((name) => name !== '' && !(name in is) && !wanted[name].optional);
  return missing.length === 0 && Object.keys(is).every(same);
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The newest modification time in a folder, including folders, so that a removed file counts as a change. */
function newest(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

function adviceFor(output) {
  const cases = [
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED/,
      'the npm registry is unreachable. Check the connection and the proxy (`npm config get proxy`), then try again.',
    ],
    [/ENOSPC/, 'the disk is full. Free about 1.5 GB, then try again.'],
    [/EACCES|EPERM|EROFS/, 'permission denied. Check the owner of this folder, then try again.'],
    [/EUSAGE|in sync/, 'package.json and package-lock.json differ. Run `npm install` if you changed package.json.'],
    [/ENOENT.*npm|spawn npm/, 'npm was not found. It is part of Node.js: https://nodejs.org.'],
  ];
  return cases.find(([pattern]) => pattern.test(output))?.[1] ?? 'see the message of npm above, then try again.';
}
