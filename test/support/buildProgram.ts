// For tests: a TypeScript program as a script for a child process.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';

const root = path.resolve(__dirname, '../..');

/** Bundles a program of this project; returns its script, which is removed at the end of the test. */
export async function buildProgram(file: string): Promise<string> {
  // A folder that the extension's packaging, which may run at the same time, ignores.
  const script = path.join(root, 'dist', 'meta', `${file.replaceAll('/', '-')}-${process.pid}.cjs`);
  onTestFinished(() => rmSync(script, { force: true }));
  await build({
    entryPoints: [path.join(root, file)],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  return script;
}
