// A Chromium for tests and screenshots: found in the usual places, or installed on Debian as root.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runQuietly } from './runQuietly.mjs';

/**
 * No sandbox because containers lack one, no GPU so that images are the same everywhere, no background network traffic.
 */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge'];

/** Browsers that are not on the PATH. */
const places = {
  darwin: () => [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: () =>
    ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData']
      .map((name) => process.env[name])
      .filter(Boolean)
      .flatMap((folder) => [
        path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        path.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]),
};

/** The path of a Chromium, Chrome or Edge, EARTHMOVER_CHROMIUM first; null if there is none. */
function findChromium() {
  const given = process.env.EARTHMOVER_CHROMIUM;
  if (given) {
    if (isProgram(given)) return given;
    throw new Error(
      `EARTHMOVER_CHROMIUM is '${given}', which is not an executable file. Set it to a Chromium, Chrome or Edge, or unset it.`,
    );
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const onPath =
    process.platform === 'win32' ? [] : folders.flatMap((at) => commands.map((name) => path.join(at, name)));
  return [...onPath, ...(places[process.platform]?.() ?? [])].find(isProgram) ?? null;
}

/**
 * Finds a Chromium or installs one.
 * @returns {Promise<{ path: string } | { missing: string }>} `missing` is the reason why there is none
 */
export async function provideChromium() {
  const found = findChromium();
  if (found) return { path: found };
  if (!mayInstall()) {
    return { missing: 'no Chromium, Chrome or Edge was found; install one, or set EARTHMOVER_CHROMIUM to its path' };
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  let reason = '';
  for (const args of [['update', '-q'], install]) {
    const result = await runQuietly(`Installing Chromium (once): apt-get ${args[0]}`, 'apt-get', args, { env });
    if (result.code === 130) process.exit(130);
    if (result.code === 0) continue;
    const message = result.output.split('\n').findLast((line) => /^E: /.test(line)) ?? `exit code ${result.code}`;
    reason = `\`apt-get ${args[0]}\` failed (${message.replace(/^E: /, '')})`;
  }
  // The installation may have succeeded despite an outdated package list or an error in another package.
  const installed = findChromium();
  if (installed) return { path: installed };
  return {
    missing: reason ? `no Chromium was found, and ${reason}` : 'Debian installed chromium, but it is not on the PATH',
  };
}

/**
 * System packages are installed only as root, on Debian (Ubuntu's chromium is a snap), in a container or in CI, never
 * on a personal machine.
 */
function mayInstall() {
  if (process.platform !== 'linux' || process.getuid() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  if (!/^ID="?debian"?$/m.test(read('/etc/os-release'))) return false;
  return Boolean(process.env.CI) || isContainer();
}

function isContainer() {
  if (process.env.container || existsSync('/.dockerenv') || existsSync('/run/.containerenv')) return true;
  // The first process of a container is its program; that of a machine is an init system.
  return !/^(systemd|init)$/.test(read('/proc/1/comm').trim());
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
