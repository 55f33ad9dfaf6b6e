// `npm run l10n`: writes all translatable texts of the extension to l10n/bundle.l10n.json; `-- --check` only compares.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const file = path.join(root, 'l10n', 'bundle.l10n.json');

/** The first arguments of `l10n.t(...)` and `t(...)`. Throws if one is not a literal, which could not be translated. */
export function textsIn(source, name) {
  const tree = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const texts = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && /^(vscode\.l10n\.)?t$/.test(node.expression.getText(tree))) {
      const [text] = node.arguments;
      if (!ts.isStringLiteralLike(text)) throw new Error(`${name}: ${text.getText(tree)} is not a string literal`);
      texts.push(text.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

/** All texts of the extension, sorted. */
export function allTexts() {
  const folder = path.join(root, 'src', 'extension');
  const files = readdirSync(folder, { recursive: true }).filter((each) => /(?<!\.test)\.ts$/.test(each));
  const texts = files.flatMap((each) => textsIn(readFileSync(path.join(folder, each), 'utf8'), each));
  return [...new Set(texts)].sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bundle = `${JSON.stringify(Object.fromEntries(allTexts().map((text) => [text, text])), null, 2)}\n`;
  if (!process.argv.includes('--check')) writeFileSync(file, bundle);
  else if (readFileSync(file, 'utf8') !== bundle) {
    console.error('l10n/bundle.l10n.json does not match the texts in the code. Update it: npm run l10n');
    process.exitCode = 1;
  }
}
