// Finds the texts of the monitor's page in its sources: those passed to `t`, and those that cannot be translated.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from './project.mjs';

/**
 * @returns {{ texts: string[], untranslated: string[] }} the texts passed to `t`, sorted; and other literals that look
 * like   English, with file and line
 */
export function pageTexts() {
  const folder = path.join(root, 'webview');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isSource);
  const found = files.map((file) => textsOf(file, readFileSync(path.join(folder, file), 'utf8')));
  const texts = [...new Set(found.flatMap((each) => each.texts))].sort();
  return { texts, untranslated: found.flatMap((each) => each.untranslated) };
}

const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.test.ts');

/** The same for one source file. */
export function textsOf(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const texts = [];
  const untranslated = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === 't') {
      const text = constantText(node.arguments[0]);
      if (text !== null) texts.push(text);
      node.arguments.slice(1).forEach(visit);
      return;
    }
    if (isCode(node)) return;
    const text = textOf(node);
    if (text !== null && !text.startsWith('color-mix(') && (isShown(node) ? /\p{L}{2}/u : sentence).test(text)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      untranslated.push(`${file}:${line + 1}: ${text}`);
    }
    ts.forEachChild(node, (child) => (ts.isPropertyAssignment(node) && child === node.name ? undefined : visit(child)));
  };
  visit(tree);
  return { texts, untranslated };
}

/** The value of a string literal, or of several joined with `+`; null for other expressions. */
function constantText(node) {
  if (ts.isStringLiteral(node)) return node.text;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const [left, right] = [constantText(node.left), constantText(node.right)];
  return left === null || right === null ? null : left + right;
}

/** A capitalized word, or several words. */
const sentence = /^[A-Z][a-z]+( |\.|$)|\p{L}{2,} \p{L}{2,}|^ ?[a-z]{2,} $|^ [a-z]{2,}/u;

/** Attributes that are shown or read out. */
const textAttributes = /^(title|alt|placeholder|aria-(label|description|valuetext|roledescription))$/;

/** Names of modules, classes, selectors, fonts and keys, and messages for developers. */
function isCode(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Error';
  if (ts.isCallExpression(node)) return /^(console\.\w+|svg|\w+\.startsWith)$/.test(node.expression.getText());
  if (ts.isPropertyAssignment(node)) return /^(class|key|id|aria-describedby|font)$/.test(nameOf(node));
  if (!ts.isBinaryExpression(node)) return false;
  return /===?$/.test(node.operatorToken.getText()) || /\.(className|font)$/.test(node.left.getText());
}

/** The text of a literal or of a part of a template. */
function textOf(node) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  return node.kind === ts.SyntaxKind.TemplateHead || ts.isTemplateMiddleOrTemplateTail(node) ? node.text : null;
}

/** Whether a literal is shown: as a child or text of an element, or in a text attribute. */
function isShown(node) {
  let inner = node;
  while (!ts.isExpression(inner)) inner = inner.parent;
  while (ts.isConditionalExpression(inner.parent) || ts.isParenthesizedExpression(inner.parent)) inner = inner.parent;
  const { parent } = inner;
  if (ts.isPropertyAssignment(parent)) return textAttributes.test(nameOf(parent));
  if (!ts.isCallExpression(parent)) return false;
  const place = parent.arguments.indexOf(inner);
  return parent.expression.getText() === 'h' ? place >= 2 : parent.expression.getText() === 'setText' && place === 1;
}

const nameOf = ({ name }) => (ts.isComputedPropertyName(name) ? '' : name.text);
