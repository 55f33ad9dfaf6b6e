// For tests: libraries of C code, which stand for those that a machine may not have.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Whether C code can be compiled and loaded here. */
export function canCompile(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The file of a library, in a folder of its own, which is removed at the end of the test. */
export function cLibrary(name: string, code: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'earthmover-library-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'code.c'), code);
  const file = path.join(folder, name);
  execFileSync('cc', ['-shared', '-fPIC', `-Wl,-soname,${name}`, '-o', file, path.join(folder, 'code.c')]);
  return file;
}
