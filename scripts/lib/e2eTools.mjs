// The tools of the end-to-end tests: a browser, VS Code, and the packaged extension.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromiumFlags, provideChromium } from './chromium.mjs';
import { root, run } from './project.mjs';
import { provideWorkbench } from './codeServer.mjs';

/**
 * Finds or installs all tools.
 * @returns {Promise<object>} the tools, passed to the tests as JSON in EARTHMOVER_E2E, or `{ missing: reason }`
 */
export async function provideTools() {
  const chromium = await provideChromium();
  if (chromium.missing) return { missing: chromium.missing };
  const workbench = await provideWorkbench();
  if (workbench.missing) return { missing: workbench.missing };
  return { chromium: { path: chromium.path, flags: chromiumFlags }, workbench, vsix: await packageHere() };
}

/** Packages the VSIX of this platform. */
async function packageHere() {
  const target = `${process.platform}-${process.arch}`;
  const code = await run(process.execPath, [path.join(root, 'scripts', 'package.mjs'), '--target', target]);
  if (code !== 0) throw new Error(`The extension could not be packaged (exit code ${code}).`);
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, 'dist', `${name}-${target}-${version}.vsix`);
  statSync(file);
  return file;
}
