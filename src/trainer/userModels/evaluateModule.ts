// Runs the script of a model file and returns its exports.
import { createRequire, Module } from 'node:module';
import type { ModelBundle, ModuleHost } from './bundleModule';
import { atUserLine, startOf } from './moduleErrors';
import { innerExports, unavailable } from './moduleTensorflow';

/** Exports by name; reading one may call a getter of the file. */
export type Exports = Readonly<Record<string, unknown>>;

/** Throws an InputError at the line of the file that fails. */
export async function evaluateModule(
  { file, code }: Pick<ModelBundle, 'file' | 'code'>,
  tensorflow: object,
): Promise<Exports> {
  process.setSourceMapsEnabled(true);
  let exports: Exports = {};
  const host: ModuleHost = {
    provide: (provided) => (exports = provided as Exports),
    tensorflow,
    require: createRequire(file),
    inner: (inside) => innerExports(tensorflow, inside),
    missing: (name) => unavailable(`The package "${name}"`, `it is not installed: run "npm install ${name}".`),
  };
  try {
    await compiled(file, code)(host);
    return exports;
  } catch (error) {
    throw atUserLine(error, startOf(file), 'model-load');
  }
}

interface Compilable {
  exports: unknown;
  _compile(code: string, file: string): void;
}

/** Node forgets the source map of a module that is collected, and errors may come later, in timers. */
const evaluated: Compilable[] = [];

/** `_compile` is the way of evaluating CommonJS for which Node.js follows source maps in stack traces. */
function compiled(file: string, code: string): (host: ModuleHost) => Promise<void> {
  const module = new Module(file) as unknown as Compilable & { require: NodeJS.Require; filename: string };
  module.require = createRequire(file);
  module.filename = file;
  evaluated.push(module);
  module._compile(code, `${file}.cjs`);
  return module.exports as (host: ModuleHost) => Promise<void>;
}
