// What `npm start` and `npm test` share: a clone that has nothing yet becomes one that is installed and built.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from './quiet.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const inRoot = (...parts) => path.join(root, ...parts);

/** Refuses a Node that is too old before anything else fails in a way that nobody understands. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 9)) return;
  console.error(
    `Earthmover needs Node.js 20.9 or newer; this is ${process.versions.node}. Get one at https://nodejs.org.`,
  );
  process.exit(2);
}

/** Installs the packages if they are missing or older than package-lock.json. Ends the process with 2 where that fails. */
export async function install() {
  // npm writes this file last, so an install that was cut off does not count as one.
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

/** Builds dist/ if it is missing or older than what it is made from. Ends the process with 2 where that fails. */
export async function build() {
  const sources = ['src', 'webview', 'esbuild.mjs', 'package-lock.json', 'tsconfig.json'];
  if (modified(inRoot('dist', 'meta', 'built')) >= Math.max(...sources.map((name) => newest(inRoot(name))))) return;
  const result = await runQuietly('Building', process.execPath, [inRoot('esbuild.mjs')], { cwd: root });
  if (result.code === 0) return;
  console.error(`${result.output.trimEnd()}\n\nThe build failed.`);
  process.exit(result.code === 130 ? 130 : 2);
}

/** Runs a command with this terminal; resolves to its exit code, or 128 + the signal's number as shells count. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** A package's command as arguments to this Node: no shell, so the same on Windows. */
export const bin = (...parts) => inRoot('node_modules', ...parts);

/**
 * The npm that started this script, as a command and its first arguments; else the one that came with this Node; else
 * whatever the PATH has.
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

/** Whether what is installed is what is locked, as after a checkout that wrote the same file again: installing anew would take a minute. */
function isAsLocked(installed) {
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const [is, wanted] = [read(installed), read(inRoot('package-lock.json'))];
  const same = (name) => wanted[name]?.version === is[name].version && wanted[name].integrity === is[name].integrity;
  // Packages of other platforms are locked and not installed.
  const lacking = Object.keys(wanted).filter((name) => name !== '' && !(name in is) && !wanted[name].optional);
  return lacking.length === 0 && Object.keys(is).every(same);
}

function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** The newest time in a folder, the folders' own times included: a file that was removed counts as a change. */
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
      'the npm registry could not be reached. Check the connection (and proxy: `npm config get proxy`), then run this again.',
    ],
    [/ENOSPC/, 'the disk is full. Free some space (about 1.5 GB is needed), then run this again.'],
    [/EACCES|EPERM|EROFS/, 'this folder may not be written. Check who owns it, then run this again.'],
    [/EUSAGE|in sync/, 'package.json and package-lock.json differ. Run `npm install` if you changed package.json.'],
    [/ENOENT.*npm|spawn npm/, 'npm was not found. It comes with Node.js: https://nodejs.org.'],
  ];
  return cases.find(([pattern]) => pattern.test(output))?.[1] ?? 'npm says why above. Then run this again.';
}
