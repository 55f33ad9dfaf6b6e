// `npm run lint`: ESLint with types, Prettier, imports, spelling and retired words, unused code. Each stage prints only
// what is wrong.
import path from 'node:path';
import { bin, root, run } from './lib/project.mjs';
import { findRetiredPhrases } from './lib/retiredPhrases.mjs';

const checks = {
  eslint: [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'],
  prettier: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '.', '--log-level', 'warn'],
  imports: [
    bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
    ...['--config', path.join(root, '.dependency-cruiser.mjs'), '--output-type', 'err-long', 'src', 'webview'],
  ],
  spelling: [bin('cspell', 'bin.mjs'), 'lint', '.', '--no-progress', '--no-summary', '--gitignore', '--dot'],
  'unused code': [bin('knip', 'bin', 'knip.js')],
};

let failed = false;
for (const [name, args] of Object.entries(checks)) {
  const code = await run(process.execPath, args);
  if (code === 130) process.exit(130);
  if (code === 0) continue;
  console.error(`lint: ${name} failed`);
  failed = true;
}
const phrases = findRetiredPhrases();
if (phrases.length > 0) console.error(`${phrases.join('\n')}\nlint: retired phrases failed`);
process.exitCode = failed || phrases.length > 0 ? 1 : 0;
