// The tools of the end-to-end tests: a browser, VS Code, and the packaged extension.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromiumFlags, provideChromium } from './chromium.mjs';
import { provideWorkbench } from './codeServer.mjs';
import { root } from './project.mjs';
import { runQuietly } from './runQuietly.mjs';

/**
 * Finds or installs all tools; with `recorded`, the runs that the monitor is tested with are recorded while it
 * packages.
 * @returns {Promise<object>} the tools, passed to the tests as JSON in EARTHMOVER_E2E, or `{ missing: reason }`
 */
export async function provideTools({ recorded = false } = {}) {
  const chromium = await provideChromium();
  if (chromium.missing) return { missing: chromium.missing };
  const workbench = await provideWorkbench();
  if (workbench.missing) return { missing: workbench.missing };
  const [vsix] = await Promise.all([packageHere(), recorded && record()]);
  return { chromium: { path: chromium.path, flags: chromiumFlags }, workbench, vsix };
}

/** Once, before several processes would do it at the same time. */
async function record() {
  const [{ loadExtensionModules }, { recordings }] = await Promise.all([
    import('./monitorPage.mjs'),
    import('./recordings.mjs'),
  ]);
  await recordings(await loadExtensionModules());
}

/** Packages the VSIX of this platform. */
async function packageHere() {
  const target = `${process.platform}-${process.arch}`;
  const args = [path.join(root, 'scripts', 'package.mjs'), '--target', target];
  const { code, output } = await runQuietly('Packaging the extension', process.execPath, args, { cwd: root });
  if (code === 130) process.exit(130);
  if (code !== 0) throw new Error(`${output}\nThe extension could not be packaged (exit code ${code}).`);
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, 'dist', `${name}-${target}-${version}.vsix`);
  statSync(file);
  return file;
}
