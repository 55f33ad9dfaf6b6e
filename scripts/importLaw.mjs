// The import law as a lint rule: which folder may import which. docs/architecture.md carries the same table.
import path from 'node:path';

/** Folder → what it may import: folders of this project, then packages ('*' = any package). Node's own modules are named 'node'. */
export const law = {
  'src/shared': { folders: [], packages: [] },
  'src/files': { folders: ['src/shared'], packages: ['node'] },
  'src/math': { folders: ['src/shared'], packages: [] },
  'src/catalog': { folders: ['src/shared'], packages: [] },
  'src/protocol': { folders: ['src/shared'], packages: [] },
  'src/experiment': {
    folders: ['src/shared', 'src/files', 'src/catalog', 'src/protocol'],
    packages: ['zod', 'jsonc-parser', 'node'],
  },
  'src/run': {
    folders: ['src/shared', 'src/files', 'src/math', 'src/catalog', 'src/protocol', 'src/experiment'],
    packages: ['pbf', 'sharp', 'node'],
  },
  'src/engine': {
    folders: ['src/shared', 'src/files', 'src/math'],
    packages: [
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
      'onnxruntime-node',
      'onnxruntime-common',
      'pbf',
      'node',
    ],
  },
  'src/gan': {
    folders: ['src/shared', 'src/math', 'src/catalog'],
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'],
  },
  'src/download': { folders: ['src/shared', 'src/files'], packages: ['tar-stream', 'node'] },
  'src/data': { folders: ['src/shared', 'src/files', 'src/math', 'src/catalog'], packages: ['sharp', 'node'] },
  'src/trainer': {
    folders: [
      'src/shared',
      'src/files',
      'src/math',
      'src/catalog',
      'src/protocol',
      'src/experiment',
      'src/run',
      'src/engine',
      'src/gan',
      'src/data',
    ],
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', 'esbuild', 'node'],
  },
  'src/cli': {
    folders: [
      'src/shared',
      'src/files',
      'src/math',
      'src/catalog',
      'src/protocol',
      'src/experiment',
      'src/run',
      'src/engine',
      'src/gan',
      'src/data',
      'src/trainer',
      'src/download',
    ],
    packages: ['node'],
  },
  'src/extension': {
    folders: ['src/shared', 'src/files', 'src/math', 'src/catalog', 'src/protocol', 'src/experiment', 'src/run'],
    packages: ['vscode', 'jsonc-parser', 'node'],
  },
  webview: {
    folders: ['src/shared', 'src/math', 'src/catalog', 'src/protocol'],
    packages: ['@vscode/webview-ui-toolkit', 'uplot'],
  },
};

const isTest = (file) => /\.test\.ts$/.test(file);
const folderOf = (file) => Object.keys(law).find((folder) => file === folder || file.startsWith(`${folder}/`));

function packageOf(source) {
  if (source.startsWith('node:')) return 'node';
  const parts = source.split('/');
  return source.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** @type {import('eslint').Rule.RuleModule} */
export const importLaw = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      folder: '{{from}} may not import {{to}}. It may import: {{allowed}}.',
      package: "{{from}} may not import the package '{{to}}'. Its packages: {{allowed}}.",
    },
  },
  create(context) {
    const root = context.cwd;
    const file = path.relative(root, context.filename).split(path.sep).join('/');
    const from = folderOf(file);
    if (!from) return {};
    const list = (items) => (items.length ? items.join(', ') : 'nothing');
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source !== 'string') return;
      if (source.startsWith('.')) {
        const target = path
          .relative(root, path.resolve(path.dirname(context.filename), source))
          .split(path.sep)
          .join('/');
        const to = folderOf(target) ?? target;
        if (to === from || law[from].folders.includes(to)) return;
        if (isTest(file) && to.startsWith('test/')) return;
        context.report({ node, messageId: 'folder', data: { from, to, allowed: list(law[from].folders) } });
      } else {
        const to = packageOf(source);
        if (law[from].packages.includes(to)) return;
        if (isTest(file) && (to === 'node' || to === 'vitest' || to === 'fast-check' || to.startsWith('@tensorflow/')))
          return;
        context.report({ node, messageId: 'package', data: { from, to, allowed: list(law[from].packages) } });
      }
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
