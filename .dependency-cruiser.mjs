// The import rules that `npm run lint` checks: what each folder may import, and no circular imports, types included.
// Tests are free. docs/architecture.md has the same table.

const tfjs = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'];
const pure = ['src/shared', 'src/math', 'src/catalog'];
const disk = [...pure, 'src/files', 'src/protocol', 'src/experiment', 'src/run'];
const training = [...disk, 'src/engine', 'src/gan', 'src/data'];

/** Folder → the folders and packages it may import; 'node' stands for Node's own modules. */
const rules = {
  'src/shared': [],
  'src/files': ['src/shared', 'node'],
  'src/math': ['src/shared'],
  'src/catalog': ['src/shared'],
  'src/protocol': ['src/shared', 'src/math'],
  'src/experiment': ['src/shared', 'src/files', 'src/catalog', 'src/protocol', 'zod', 'jsonc-parser', 'node'],
  'src/run': [...disk, 'pbf', 'sharp', 'node'],
  'src/engine': [
    'src/shared',
    'src/files',
    'src/math',
    ...tfjs,
    'onnxruntime-node',
    'onnxruntime-common',
    'koffi',
    'pbf',
    'node',
  ],
  'src/gan': [...pure, ...tfjs],
  'src/download': ['src/shared', 'src/files', 'tar-stream', 'node'],
  'src/data': [...pure, 'src/files', 'sharp', 'node'],
  'src/parallel': ['src/shared', 'koffi', 'node'],
  'src/trainer': [...training, 'src/parallel', ...tfjs, 'esbuild', 'node'],
  'src/study': [...disk, 'src/data', 'vega', 'vega-lite', 'sharp', 'node'],
  'src/sweep': [...disk, 'zod', 'node'],
  'src/slurm': [...disk, 'src/sweep', 'node'],
  'src/cli': [
    ...training,
    'src/parallel',
    'src/study',
    'src/sweep',
    'src/slurm',
    'src/trainer',
    'src/download',
    'node',
  ],
  'src/extension': [...disk, 'src/sweep', 'vscode', 'jsonc-parser', '@babel/parser', '@babel/types', 'node'],
  webview: [...pure, 'src/protocol', '@vscode/webview-ui-toolkit', 'uplot'],
};

const isFolder = (name) => name in rules;
const escaped = (name) => name.replace(/[.+/]/g, '\\$&');
// (The package esbuild resolves to our esbuild.mjs.)
const pathOf = (name) =>
  isFolder(name) ? `^${escaped(name)}/` : `(^|node_modules/)(@types/)?${escaped(name)}(/|\\.mjs|$)`;

const importRule = ([folder, allowed]) => {
  const list = allowed.filter((name) => name !== folder && name !== 'node');
  return {
    name: `imports of ${folder}`,
    comment: `${folder} may import ${allowed.join(', ') || 'nothing'}.`,
    severity: 'error',
    from: { path: pathOf(folder), pathNot: '\\.test\\.ts$' },
    to: {
      pathNot: [pathOf(folder), ...list.map(pathOf)],
      ...(allowed.includes('node') ? { dependencyTypesNot: ['core'] } : {}),
    },
  };
};

export default {
  forbidden: [
    ...Object.entries(rules).map(importRule),
    {
      name: 'no-circular-imports',
      comment: 'Move what both files need, often a type, into a file of its own.',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
