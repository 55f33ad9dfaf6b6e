// Installs system packages that tests need, where that is allowed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { runQuietly } from './runQuietly.mjs';

/**
 * Installs Debian packages. Call only if `mayInstall()`.
 * @returns {Promise<string>} why it failed; empty if it succeeded
 */
export async function installPackages(title, packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  let reason = '';
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...packages],
  ]) {
    const result = await runQuietly(`Installing ${title} (once): apt-get ${args[0]}`, 'apt-get', args, { env });
    if (result.code === 130) process.exit(130);
    if (result.code === 0) continue;
    const message = result.output.split('\n').findLast((line) => /^E: /.test(line)) ?? `exit code ${result.code}`;
    reason = `\`apt-get ${args[0]}\` failed (${message.replace(/^E: /, '')})`;
  }
  return reason;
}

/** Installs strace, which shows the files and sockets of a process, if it is missing; without it its tests are skipped. */
export const provideStrace = () => provide('strace', ['strace']);

/** Installs Slurm, on which tests start a cluster, if it is missing; without it its tests are skipped. */
export const provideSlurm = () => provide('Slurm', ['slurmctld', 'slurmd', 'slurm-client', 'munge']);

/**
 * Installs the MPI libraries under which several processes train, and PMIx, by which Slurm starts them, if they are
 * missing; without them tests are skipped.
 */
export const provideMpi = () => provide('MPI', ['openmpi-bin', 'libopenmpi3', 'mpich', 'libmpich12', 'libpmix-dev']);

/** Installs Python's pip, which installs the libraries of CUDA, if it is missing; without it its tests are skipped. */
export async function providePip() {
  if (spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status !== 0)
    await provide('pip', ['python3-pip']);
}

async function provide(title, packages) {
  const areInstalled = () => spawnSync('dpkg', ['--status', ...packages], { stdio: 'ignore' }).status === 0;
  if (mayInstall() && !areInstalled()) await installPackages(title, packages);
}

/**
 * System packages are installed only as root, on Debian (Ubuntu's chromium is a snap), in a container or in CI, never
 * on a personal machine.
 */
export function mayInstall() {
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
