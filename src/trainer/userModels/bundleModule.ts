// Bundles a user's model file with all that it imports into one script, which a run keeps to resume and export with.
import { createHash } from 'node:crypto';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildFailure, type Loader, type Plugin, type PluginBuild } from 'esbuild';
import type { Role } from '../../catalog';
import type { Experiment } from '../../experiment';
import { missingModule } from '../../experiment/moduleFiles';
import { readOrdinary } from '../../files/ordinaryFile';
import { modelFileError, settingError, type ExperimentSource } from '../inputErrors';

/** A model file as a script. */
export interface ModelBundle {
  /** The absolute path of the model file. */
  readonly file: string;
  /** A CommonJS module that exports an async function of a `ModuleHost`, with a source map to the files in it. */
  readonly code: string;
  /** The SHA-256 of each file that is part of it, by absolute path. */
  readonly sources: Readonly<Record<string, string>>;
}

/** The model files of an experiment by role. */
export type ModelBundles = Readonly<Partial<Record<Role, ModelBundle>>>;

/** What a bundle is called with. */
export interface ModuleHost {
  /** Receives the exports of the model file. */
  readonly provide: (exports: object) => void;
  /** TensorFlow.js as the file imports it. */
  readonly tensorflow: object;
  readonly require: NodeJS.Require;
  /** What a file inside a package of TensorFlow.js exports, as far as TensorFlow.js exports it, too. */
  readonly inner: (file: string) => object;
  /** A stand-in for a package that is not installed. */
  readonly missing: (packageName: string) => object;
}

/** The bundles of an experiment's model files. Throws an InputError for a file that is missing or cannot be bundled. */
export async function bundleModels(experiment: Experiment, source: ExperimentSource): Promise<ModelBundles> {
  const bundles: Partial<Record<Role, ModelBundle>> = {};
  for (const role of ['generator', 'critic'] as const) {
    const network = experiment[role];
    if (!('module' in network)) continue;
    const missing = missingModule(network.module, path.dirname(source.path));
    if (missing !== null) throw settingError(source, 'model-missing', [role, 'module'], missing.message);
    const file = path.resolve(path.dirname(source.path), network.module);
    bundles[role] = bundles.generator?.file === file ? bundles.generator : await bundleModule(file);
  }
  return bundles;
}

/** Throws an InputError at the line of the model file that cannot be bundled. */
async function bundleModule(file: string): Promise<ModelBundle> {
  try {
    // An ES module may await at its top level, so the whole bundle is the body of one async function.
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: `import * as exported from ${JSON.stringify(file)};\nearthmover.provide(exported);`,
        resolveDir: path.dirname(file),
        sourcefile: 'earthmover',
      },
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      // Scripts for browsers find `tf` among the globals.
      banner: { js: 'module.exports = (earthmover) => ((tf) => (async () => {' },
      footer: { js: '})())(earthmover.tensorflow);' },
      sourcemap: 'inline',
      sourcesContent: false,
      absWorkingDir: path.dirname(file),
      outfile: `${file}.cjs`,
      logLevel: 'silent',
      define: {
        __dirname: places.folder,
        __filename: places.file,
        'import.meta.dirname': places.folder,
        'import.meta.filename': places.file,
        'import.meta.url': places.url,
      },
      plugins: [tensorflow, nodeModules, placesOfFiles],
    });
    const read = Object.keys(metafile.inputs).map((input) => path.resolve(path.dirname(file), input));
    return {
      file,
      code: outputFiles[0].text,
      sources: Object.fromEntries(read.flatMap((source) => hashed(source) ?? [])),
    };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (!first) throw error;
    const { file: at = file, line = 1, column = 0 } = first.location ?? {};
    const place = { file: path.resolve(path.dirname(file), at), line, column: column + 1 };
    throw modelFileError('model-syntax', advised(first.text), place);
  }
}

/** Larger than any model file or saved model that people edit. */
const maxSourceBytes = 2 ** 30;

/** The SHA-256 of a file; null if it is missing or cannot be read. */
export function hashOf(file: string): string | null {
  try {
    return createHash('sha256')
      .update(readOrdinary(file, maxSourceBytes, 'follow'))
      .digest('hex');
  } catch {
    return null;
  }
}

/** Sources without a file, such as a stand-in for a package, have no hash. */
function hashed(source: string): [readonly [string, string]] | undefined {
  const hash = hashOf(source);
  return hash === null ? undefined : [[source, hash]];
}

function advised(text: string): string {
  const [, missing] = /^Could not resolve "([^"]+)"/.exec(text) ?? [];
  return missing === undefined
    ? `${text}.`
    : `The import "${missing}" was not found. Check the path: it starts at the folder of this file.`;
}

/** TensorFlow.js in all its packages, also from a CDN, is the trainer's own: two copies cannot share tensors. */
const tensorflow: Plugin = {
  name: 'tensorflow',
  setup({ onResolve, onLoad }) {
    const packages = '@tensorflow/tfjs(-(core|layers|data|converter|node|node-gpu|vis|backend-[a-z]+))?';
    const filter = new RegExp(`^(https?://[^?#]*/(npm/)?)?${packages}(@[^/]*)?(/.*)?$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'tensorflow' }));
    onLoad({ filter: /.*/, namespace: 'tensorflow' }, ({ path }) => ({
      contents: /\/tfjs-(core|layers)(@[^/]*)?\/(dist|src)\/.*\//.test(path)
        ? `module.exports = earthmover.inner(${JSON.stringify(path)});`
        : 'module.exports = earthmover.tensorflow;',
    }));
  },
};

/** Node's modules and add-ons are loaded at run time. Packages that are not installed fail when they are used. */
const nodeModules: Plugin = {
  name: 'node-modules',
  setup(bundle) {
    const atRunTime = (path: string) => ({ path, namespace: 'run-time' });
    bundle.onResolve({ filter: /\.node$/ }, ({ path: addon, resolveDir }) =>
      atRunTime(/^\.\.?\//.test(addon) ? path.join(resolveDir, addon) : addon),
    );
    bundle.onResolve({ filter: /^[^./]/ }, async ({ path: name, pluginData, ...from }) => {
      if (isBuiltin(name)) return atRunTime(name);
      if (pluginData === resolving || path.isAbsolute(name)) return undefined;
      const { errors } = await bundle.resolve(name, { ...from, pluginData: resolving });
      return errors.length > 0 ? { path: name, namespace: 'missing' } : undefined;
    });
    provide(bundle, 'run-time', 'require');
    provide(bundle, 'missing', 'missing');
  },
};

/** Marks a request that is only made to see whether a package is installed. */
const resolving = Symbol('resolving');

const provide = ({ onLoad }: PluginBuild, namespace: string, method: keyof ModuleHost): void =>
  onLoad({ filter: /.*/, namespace }, ({ path }) => ({
    contents: `module.exports = earthmover.${method}(${JSON.stringify(path)});`,
  }));

/** Variables at the head of each file that has a use for its own path. */
const places = { folder: '__earthmover_dirname', file: '__earthmover_filename', url: '__earthmover_url' };

const loaders: Readonly<Record<string, Loader>> = {
  ...{ '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx' },
  ...{ '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx' },
};

/** `__dirname` and `import.meta.url` are those of the file they are written in, not of the bundle. */
const placesOfFiles: Plugin = {
  name: 'places-of-files',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path: file }) => {
      const text = readOrdinary(file, maxSourceBytes, 'follow').toString();
      if (!/__dirname|__filename|import\.meta/.test(text)) return undefined;
      const values = { folder: path.dirname(file), file, url: pathToFileURL(file).href };
      const head = (['folder', 'file', 'url'] as const).map((key) => `${places[key]} = ${JSON.stringify(values[key])}`);
      // On the first line, so that line numbers stay; after a `#!` line, which must be the first.
      const contents = text.replace(/^(#!.*\n)?/, `$1var ${head.join(', ')}; `);
      return { contents, loader: loaders[path.extname(file)] };
    });
  },
};
