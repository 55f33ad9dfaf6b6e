// Finds the models that a TypeScript or JavaScript file exports: functions, constants, classes and objects with
// functions that build a tf.sequential or tf.model.
import { type Builders, findBuilders, repeats } from './builders';
import { type Declaration, type Declarations, declarationsIn } from './declarations';
import type { FoundModel, FoundModels, Method } from './foundModel';
import { layersIn } from './layers';
import { type Node, parseProgram } from './parseProgram';
import { isFunction, nameOf, plain } from './syntax';

/** The exported models of a file, which is named for its language. */
export function findModels(text: string, file = 'model.ts'): FoundModels {
  if (!text.includes('@tensorflow/tfjs')) return { models: [], isWhole: true };
  const parsed = parseProgram(text, file);
  if (parsed === undefined) return { models: [], isWhole: false };
  const { program, isWhole } = parsed;
  const builders = findBuilders(program);
  if (builders === undefined) return { models: [], isWhole };
  const { exported, valueOf } = declarationsIn(program);
  return { models: exported.flatMap((declaration) => modelsOf(builders, declaration, valueOf)), isWhole };
}

function modelsOf(
  builders: Builders,
  { name, exported, offset, value, isModule }: Declaration,
  valueOf: Declarations['valueOf'],
): FoundModel[] {
  const found = (kind: FoundModel['kind'], part: Node = value, method?: Method, at = { name, offset }): FoundModel => ({
    ...at,
    exported,
    kind,
    layers: layersIn(part),
    repeats: repeats(part),
    ...(method && { method }),
  });
  switch (value.type) {
    case 'ClassDeclaration':
    case 'ClassExpression': {
      const method = methodsOf(value.body.body).find(({ part }) => builders.returnsBuilt(part));
      return method ? [found('class', method.part, { name: method.name, isStatic: method.isStatic })] : [];
    }
    case 'ObjectExpression':
      return value.properties.flatMap((property): FoundModel[] => {
        const entry = entryOf(property, valueOf);
        if (entry === undefined || !builders.returnsBuilt(entry.part)) return [];
        const { key, part, offset } = entry;
        return [found('object', part, { name: key, isStatic: true }, { name: key, offset })];
      });
    case 'FunctionDeclaration':
    case 'ObjectMethod':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return builders.returnsBuilt(value) ? [found(isModule ? 'module' : 'function')] : [];
    default:
      return builders.builds(value) ? [found('constant')] : [];
  }
}

interface ClassMethod {
  readonly name: string;
  readonly isStatic: boolean;
  readonly part: Node;
}

/** The methods and function members of a class, static ones first. */
function methodsOf(members: readonly Node[]): ClassMethod[] {
  const methods = members.flatMap((member): ClassMethod[] => {
    if (member.type !== 'ClassMethod' && member.type !== 'ClassProperty') return [];
    const name = member.computed ? undefined : nameOf(member.key);
    const isCalled =
      member.type === 'ClassMethod'
        ? member.kind === 'method'
        : member.value !== null && member.value !== undefined && isFunction(plain(member.value));
    return name !== undefined && isCalled ? [{ name, isStatic: member.static === true, part: member }] : [];
  });
  return methods.sort((a, b) => Number(b.isStatic) - Number(a.isStatic));
}

interface ObjectEntry {
  readonly key: string;
  readonly offset: number;
  readonly part: Node;
}

/** A function in an object literal, written there or named. */
function entryOf(property: Node, valueOf: Declarations['valueOf']): ObjectEntry | undefined {
  if (property.type !== 'ObjectProperty' && property.type !== 'ObjectMethod') return undefined;
  const key = property.computed ? undefined : nameOf(property.key);
  if (key === undefined) return undefined;
  const part = property.type === 'ObjectProperty' ? valueOf(plain(property.value)) : property;
  const isCalled =
    property.type === 'ObjectMethod'
      ? property.kind === 'method'
      : isFunction(part) || part.type === 'FunctionDeclaration';
  return isCalled ? { key, offset: property.key.start ?? 0, part } : undefined;
}
