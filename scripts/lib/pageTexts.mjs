// The texts of the monitor's page, found in its sources: those that can be translated, and those that nobody could.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './project.mjs';

/**
 * @returns {{ texts: string[], untranslated: string[] }} what is handed to `t`, sorted; and what looks like English outside
 *   of it, each with its file and line
 */
export function pageTexts() {
  const folder = path.join(root, 'webview');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isSource);
  const found = files.map((file) => textsOf(file, readFileSync(path.join(folder, file), 'utf8')));
  const texts = [...new Set(found.flatMap((each) => each.texts))].sort();
  return { texts, untranslated: found.flatMap((each) => each.untranslated) };
}

const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.test.ts');

/** The same of one source. */
export function textsOf(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const texts = [];
  const untranslated = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === 't') {
      if (ts.isStringLiteral(node.arguments[0])) texts.push(node.arguments[0].text);
      node.arguments.slice(1).forEach(visit);
      return;
    }
    if (isBetweenPrograms(node)) return;
    const text = wordsOf(node);
    if (text !== null && !text.startsWith('color-mix(') && (isShown(node) ? /\p{L}{2}/u : sentence).test(text)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      untranslated.push(`${file}:${line + 1}: ${text}`);
    }
    ts.forEachChild(node, (child) => (ts.isPropertyAssignment(node) && child === node.name ? undefined : visit(child)));
  };
  visit(tree);
  return { texts, untranslated };
}

/** A word with a capital letter, or words one after the other. */
const sentence = /^[A-Z][a-z]+( |\.|$)|\p{L}{2,} \p{L}{2,}|^ ?[a-z]{2,} $|^ [a-z]{2,}/u;

/** Attributes that people read or hear. */
const spoken = /^(title|alt|placeholder|aria-(label|description|valuetext|roledescription))$/;

/** Names of modules, classes, selectors, fonts and keys, and what only a programmer reads. */
function isBetweenPrograms(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Error';
  if (ts.isCallExpression(node)) return /^(console\.\w+|svg|\w+\.startsWith)$/.test(node.expression.getText());
  if (ts.isPropertyAssignment(node)) return /^(class|key|id|aria-describedby|font)$/.test(nameOf(node));
  if (!ts.isBinaryExpression(node)) return false;
  return /===?$/.test(node.operatorToken.getText()) || /\.(className|font)$/.test(node.left.getText());
}

/** The words in a literal; of a template those around its values. */
function wordsOf(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  return node.kind === ts.SyntaxKind.TemplateHead || ts.isTemplateMiddleOrTemplateTail(node) ? node.text : null;
}

/** Whether a literal stands where the page shows it: as a child of an element, as its text, or in an attribute that is read. */
function isShown(node) {
  let inner = node;
  while (!ts.isExpression(inner)) inner = inner.parent;
  while (ts.isConditionalExpression(inner.parent) || ts.isParenthesizedExpression(inner.parent)) inner = inner.parent;
  const { parent } = inner;
  if (ts.isPropertyAssignment(parent)) return spoken.test(nameOf(parent));
  if (!ts.isCallExpression(parent)) return false;
  const place = parent.arguments.indexOf(inner);
  return parent.expression.getText() === 'h' ? place >= 2 : parent.expression.getText() === 'setText' && place === 1;
}

const nameOf = ({ name }) => (ts.isComputedPropertyName(name) ? '' : name.text);
