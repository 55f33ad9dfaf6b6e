// Finds a Python with PyTorch: the one in EARTHMOVER_PYTHON, else the first in the PATH.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The Python command; if none has PyTorch, one that reports this. */
export function pythonWithTorch(env: NodeJS.ProcessEnv): string {
  if (env.EARTHMOVER_PYTHON) return env.EARTHMOVER_PYTHON;
  const names = process.platform === 'win32' ? ['python.exe'] : ['python3', 'python'];
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter(Boolean);
  const found = folders.flatMap((folder) => names.map((name) => path.join(folder, name))).filter(existsSync);
  const findTorch = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)';
  const has = (python: string) =>
    spawnSync(python, ['-c', findTorch], { stdio: 'ignore', timeout: 30_000 }).status === 0;
  return found.find(has) ?? found[0] ?? names[0];
}
