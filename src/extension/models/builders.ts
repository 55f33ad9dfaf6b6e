// Which parts of a program build a model: the calls of tf.sequential and tf.model, by the imports of the file.
import type { Node, Program } from './parseProgram';
import { nameOf, nodesIn, plain, propertyOf } from './syntax';

export interface Builders {
  /** Whether a part of the program has a call that builds a model. */
  builds(part: Node): boolean;
  /** The same, in a function that returns a value. */
  returnsBuilt(part: Node): boolean;
}

/** Undefined if the file does not import TensorFlow.js. */
export function findBuilders(program: Program): Builders | undefined {
  const { spaces, functions } = importsIn(program);
  if (spaces.size === 0 && functions.size === 0) return undefined;
  const isCall = (node: Node): boolean => {
    if (node.type !== 'CallExpression') return false;
    const callee = plain(node.callee);
    if (callee.type === 'Identifier') return functions.has(callee.name);
    const member = propertyOf(callee);
    return member !== undefined && constructors.has(member.property) && isSpace(member.object, spaces);
  };
  const builds = (part: Node): boolean => some(part, isCall);
  return { builds, returnsBuilt: (part) => builds(part) && some(part, returns) };
}

/** Whether layers are added in a loop. */
export const repeats = (part: Node): boolean =>
  some(part, (node) => {
    if (/^(For|While|DoWhile|ForIn|ForOf)Statement$/.test(node.type)) return true;
    const member = node.type === 'CallExpression' ? propertyOf(node.callee) : undefined;
    return member !== undefined && loopMethods.has(member.property);
  });

const returns = (node: Node): boolean =>
  (node.type === 'ReturnStatement' && node.argument !== null && node.argument !== undefined) ||
  (node.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement');

const some = (part: Node, test: (node: Node) => boolean): boolean => {
  for (const node of nodesIn(part)) if (test(node)) return true;
  return false;
};

const constructors: ReadonlySet<string> = new Set(['sequential', 'model']);
const loopMethods: ReadonlySet<string> = new Set(['map', 'forEach', 'reduce', 'flatMap']);

/** The local names of the whole library, and of its functions that build a model. */
interface Imports {
  readonly spaces: Set<string>;
  readonly functions: Set<string>;
}

const library = /^@tensorflow\/tfjs(-layers|-node|-node-gpu)?$/;

/** `tf`, or `tf.default` of a module that was imported as a whole. */
function isSpace(node: Node, spaces: ReadonlySet<string>): boolean {
  const value = plain(node);
  const member = propertyOf(value);
  if (member !== undefined) return member.property === 'default' && isSpace(member.object, spaces);
  return value.type === 'Identifier' && spaces.has(value.name);
}

/** Imports in all forms, at any depth: `import`, `import x = require()`, `require()`, `await import()`. */
function importsIn(program: Program): Imports {
  const imports: Imports = { spaces: new Set(), functions: new Set() };
  const add = (name: string | undefined, local: string | undefined): void => {
    if (local === undefined) return;
    if (name === 'default') imports.spaces.add(local);
    else if (name !== undefined && constructors.has(name)) imports.functions.add(local);
  };
  for (const node of nodesIn(program)) {
    if (node.type === 'ImportDeclaration' && library.test(node.source.value)) {
      for (const specifier of node.specifiers) {
        if (specifier.type === 'ImportSpecifier') add(nameOf(specifier.imported), specifier.local.name);
        else imports.spaces.add(specifier.local.name);
      }
    } else if (node.type === 'TSImportEqualsDeclaration') {
      const { moduleReference: from } = node;
      if (from.type === 'TSExternalModuleReference' && library.test(from.expression.value))
        imports.spaces.add(node.id.name);
    } else if (node.type === 'VariableDeclarator' && node.init && isLibrary(node.init, imports.spaces)) {
      if (node.id.type === 'Identifier') imports.spaces.add(node.id.name);
      if (node.id.type !== 'ObjectPattern') continue;
      for (const property of node.id.properties)
        if (property.type === 'ObjectProperty') add(nameOf(property.key), nameOf(property.value));
    }
  }
  return imports;
}

/** `require('x')`, `await import('x')`, a call of one of them as compilers write it, or a name of the library. */
function isLibrary(node: Node, spaces: ReadonlySet<string>): boolean {
  const value = plain(node);
  if (value.type === 'AwaitExpression') return isLibrary(value.argument, spaces);
  if (value.type !== 'CallExpression') return isSpace(value, spaces) || isDefaultOfLibrary(value, spaces);
  const [first] = value.arguments;
  if (first === undefined || value.arguments.length > 1) return false;
  const loads = value.callee.type === 'Import' || nameOf(value.callee) === 'require';
  if (loads) return first.type === 'StringLiteral' && library.test(first.value);
  // __importStar(require('x'))
  return value.callee.type === 'Identifier' && value.callee.name.startsWith('__import') && isLibrary(first, spaces);
}

function isDefaultOfLibrary(node: Node, spaces: ReadonlySet<string>): boolean {
  const member = propertyOf(node);
  return member?.property === 'default' && isLibrary(member.object, spaces);
}
