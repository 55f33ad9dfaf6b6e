// What the end-to-end tests need besides the project: a browser, VS Code, and the extension as it is shipped.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { chromiumFlags, provideChromium } from './chromium.mjs';
import { root, run } from './project.mjs';
import { provideWorkbench } from './workbench.mjs';

/**
 * Finds or installs it all.
 * @returns {Promise<object>} what the tests are given as JSON in EARTHMOVER_E2E: the tools, or `{ missing: reason }`
 */
export async function provideTools() {
  const chromium = await provideChromium();
  if (chromium.missing) return { missing: chromium.missing };
  const workbench = await provideWorkbench();
  if (workbench.missing) return { missing: workbench.missing };
  return { chromium: { path: chromium.path, flags: chromiumFlags }, workbench, vsix: await packageHere() };
}

/** The VSIX of this platform, made anew. */
async function packageHere() {
  const target = `${process.platform}-${process.arch}`;
  const code = await run(process.execPath, [path.join(root, 'scripts', 'package.mjs'), '--target', target]);
  if (code !== 0) throw new Error(`The extension could not be packaged (exit code ${code}).`);
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, 'dist', `${name}-${target}-${version}.vsix`);
  statSync(file);
  return file;
}
