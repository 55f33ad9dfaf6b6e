import path from 'node:path';
import { fileURLToPath } from 'node:url';
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const namedExports = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that a symbol is called the same everywhere.',
};

const onnxRuntime = {
  selector: ":not(ImportDeclaration[importKind='type']) > Literal[value=/^onnxruntime-node(\\u002f|$)/]",
  message: 'Load ONNX Runtime by src/engine/onnx/nativePackage.ts, which switches off its telemetry.',
};

/** Exports have one name everywhere. */
const exportByName = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that a symbol is called the same everywhere.',
};

/** Files may be pipes, devices or links, and of any size: src/files opens them, and creates folders. */
const opening =
  '/^(open|readFile|writeFile|appendFile|copyFile|cp|mkdir|truncate|createReadStream|createWriteStream)(Sync)?$/';
const openInFiles = [
  'ImportDeclaration[source.value=/^(node:)?fs/] > ImportSpecifier[imported.name=%s]',
  'MemberExpression[object.name=/^(fs|fsp|promises)$/][property.name=%s]',
].map((selector) => ({
  selector: selector.replace('%s', opening),
  message: 'Use src/files, or src/run/diskAccess.ts in a run directory: the file may be a pipe, a device or a link.',
}));

/** VS Code runs the commands of links in a notification. */
const notifySafely = {
  selector: 'MemberExpression[property.name=/^show(Error|Warning|Information)Message$/]',
  message: 'Use src/extension/notify.ts, which shows links in names and messages as text.',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.earthmover/', 'test/fixtures/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: path.dirname(fileURLToPath(import.meta.url)) },
    },
    rules: {
      'no-restricted-syntax': ['error', namedExports, onnxRuntime],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'anywhere' }],
      'max-len': [
        'error',
        { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreUrls: true, ignoreRegExpLiterals: true },
      ],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
  {
    files: ['src/extension/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:child_process',
              importNames: ['execFileSync', 'execSync', 'spawnSync'],
              message: 'The extension host must not wait for a program.',
            },
          ],
          patterns: [
            {
              group: ['**/run/status', '**/run/process'],
              importNames: ['liveness', 'processExists', 'processStart'],
              message: 'It may wait for a program; use findLiveness or findProcess.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/files/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', exportByName, ...openInFiles, notifySafely] },
  },
  { files: ['src/extension/notify.ts'], rules: { 'no-restricted-syntax': ['error', exportByName, ...openInFiles] } },
  // Vector data of the digits, as a table.
  { files: ['src/data/synthetic/digitStrokes.ts'], rules: { 'max-len': 'off' } },
  { files: ['vitest.config.ts', 'bench/**', 'test/**'], rules: { 'no-restricted-syntax': ['error', onnxRuntime] } },
  {
    files: ['src/engine/onnx/nativePackage.ts', 'test/e2e/package.test.ts'],
    rules: { 'no-restricted-syntax': ['error', namedExports] },
  },
);
