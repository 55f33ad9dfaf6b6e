// The exported declarations of a program: ECMAScript and CommonJS exports of functions, classes and values.
import type { Node, ObjectExpression, Program } from './parseProgram';
import { nameOf, plain, propertyOf } from './syntax';

/** A function, a class or a value that a program exports. */
export interface Declaration {
  readonly name: string;
  readonly exported: string;
  /** Offset of the name in the text. */
  readonly offset: number;
  /** The function, the class, or the value, without its types. */
  readonly value: Node;
  /** It is the whole of `module.exports`. */
  readonly isModule: boolean;
}

/** A declaration, and how it is exported; undefined until a later statement exports it by name. */
type Local = Omit<Declaration, 'exported' | 'isModule'> & Partial<Exported>;
type Exported = Pick<Declaration, 'exported' | 'isModule'>;

export interface Declarations {
  /** The exported ones at the top level of a program, in order. */
  readonly exported: readonly Declaration[];
  /** The value of the variable, function or class that a node names; the node itself if it is no such name. */
  readonly valueOf: (node: Node) => Node;
}

export function declarationsIn(program: Program): Declarations {
  const found = new Found();
  for (const statement of program.body) readStatement(statement, found);
  return { exported: found.exported(), valueOf: (node) => found.valueOf(node) };
}

/** The declarations that were read so far. */
class Found {
  private readonly locals: Local[] = [];
  /** How local names are exported. */
  private readonly names = new Map<string, Exported>();

  add(local: Local): void {
    this.locals.push(local);
  }

  export(name: string, how: Exported): void {
    this.names.set(name, how);
  }

  /** An exported value, which may be the name of a local declaration. */
  addValue(value: Node, place: Pick<Local, 'name' | 'offset'>, how: Exported): void {
    const own = plain(value);
    if (own.type === 'Identifier') this.export(own.name, how);
    else this.add({ ...place, ...how, value: own });
  }

  exported(): Declaration[] {
    return this.locals.flatMap((local): Declaration[] => {
      const { exported, isModule = false } = local.exported === undefined ? (this.names.get(local.name) ?? {}) : local;
      return exported === undefined ? [] : [{ ...local, exported, isModule, value: this.valueOf(local.value) }];
    });
  }

  valueOf(node: Node): Node {
    let value = node;
    // Names may go round in a circle in a text that is being typed.
    for (let names = 0; value.type === 'Identifier' && names <= this.locals.length; names++) {
      const { name } = value;
      const local = this.locals.find((each) => each.name === name);
      if (local === undefined) return node;
      value = local.value;
    }
    return value;
  }
}

const as = (exported: string): Exported => ({ exported, isModule: false });
const wholeModule: Exported = { exported: 'default', isModule: true };

function readStatement(statement: Node, found: Found): void {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      for (const local of localsOf(statement.declaration)) found.add({ ...local, ...as(local.name) });
      if (statement.source) return;
      for (const specifier of statement.specifiers)
        if (specifier.type === 'ExportSpecifier')
          found.export(nameOf(specifier.local) ?? '', as(nameOf(specifier.exported) ?? ''));
      return;
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement;
      const [local] = localsOf(declaration);
      const place = { name: 'default', offset: offsetOfDefault(statement) };
      if (local !== undefined) found.add({ ...local, ...as('default') });
      else if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration')
        found.add({ ...place, ...as('default'), value: declaration });
      else found.addValue(declaration, place, as('default'));
      return;
    }
    case 'TSExportAssignment':
      return found.addValue(statement.expression, { name: 'export', offset: statement.start ?? 0 }, wholeModule);
    case 'ExpressionStatement':
      return readAssignment(statement.expression, found);
    default:
      for (const local of localsOf(statement)) found.add(local);
  }
}

/** `export default` on one line, as everybody writes it; else the offset of the statement. */
const offsetOfDefault = ({ start }: Node): number => (start ?? 0) + 'export '.length;

/** The named function or class, or the variables, that a statement declares. */
function localsOf(statement: Node | null | undefined): Local[] {
  if (statement?.type === 'FunctionDeclaration' || statement?.type === 'ClassDeclaration')
    return statement.id ? [{ name: statement.id.name, offset: statement.id.start ?? 0, value: statement }] : [];
  if (statement?.type !== 'VariableDeclaration') return [];
  return statement.declarations.flatMap(({ id, init }): Local[] =>
    id.type === 'Identifier' && init ? [{ name: id.name, offset: id.start ?? 0, value: plain(init) }] : [],
  );
}

/**
 * `exports.x = ...`, `module.exports.x = ...` or `module.exports = ...`; the last one in
 * `exports = module.exports = f`. Or `Object.assign(exports, { ... })`.
 */
function readAssignment(expression: Node, found: Found): void {
  let at = plain(expression);
  if (at.type === 'CallExpression') {
    const callee = propertyOf(at.callee);
    const [target, ...sources] = at.arguments;
    if (callee?.property !== 'assign' || nameOf(callee.object) !== 'Object' || !target || !isExports(target)) return;
    for (const source of sources.map(plain)) if (source.type === 'ObjectExpression') readProperties(source, found);
    return;
  }
  let target: CommonJsTarget | undefined;
  while (at.type === 'AssignmentExpression' && at.operator === '=') {
    target = commonJsTarget(at.left) ?? target;
    at = plain(at.right);
  }
  if (target === undefined) return;
  const { name, offset } = target;
  if (name !== undefined) return found.addValue(at, { name, offset }, as(name));
  if (at.type !== 'ObjectExpression') return found.addValue(at, { name: 'exports', offset }, wholeModule);
  readProperties(at, found);
}

/** The properties of `module.exports`. */
function readProperties({ properties }: ObjectExpression, found: Found): void {
  for (const property of properties) {
    if (property.type === 'SpreadElement' || property.computed) continue;
    const key = nameOf(property.key);
    if (key === undefined) continue;
    const place = { name: key, offset: property.key.start ?? 0 };
    if (property.type === 'ObjectProperty') found.addValue(property.value, place, as(key));
    else if (property.kind === 'method') found.add({ ...place, ...as(key), value: property });
  }
}

interface CommonJsTarget {
  /** The name in `exports.x`; undefined for `module.exports` itself. */
  readonly name: string | undefined;
  /** The offset of the name, or of `exports`. */
  readonly offset: number;
}

function commonJsTarget(left: Node): CommonJsTarget | undefined {
  if (isExports(left)) return { name: undefined, offset: propertyOf(left)?.at ?? left.start ?? 0 };
  const member = propertyOf(left);
  return member && isExports(member.object) ? { name: member.property, offset: member.at } : undefined;
}

/** `exports` or `module.exports`. */
function isExports(node: Node): boolean {
  const member = propertyOf(node);
  return member ? member.property === 'exports' && nameOf(member.object) === 'module' : nameOf(node) === 'exports';
}
