// A Chromium for tests and screenshots: found in the usual places, or installed on Debian as root.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { installPackages, mayInstall } from './systemPackages.mjs';

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
  const reason = await installPackages('Chromium', ['chromium', 'fonts-dejavu-core']);
  // The installation may have succeeded despite an outdated package list or an error in another package.
  const installed = findChromium();
  if (installed) return { path: installed };
  return {
    missing: reason ? `no Chromium was found, and ${reason}` : 'Debian installed chromium, but it is not on the PATH',
  };
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
