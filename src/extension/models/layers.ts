// The layer calls in a model's text, with the options that are literals.
import type { Node } from './parseProgram';
import { nameOf, nodesIn, plain, propertyOf } from './syntax';

/** A number, a list of numbers or a string; undefined for an option that is computed. */
type LayerOption = number | readonly number[] | string | undefined;

export interface Layer {
  /** Its name in TensorFlow.js: 'dense', 'conv2d'. */
  readonly name: string;
  readonly options: Readonly<Record<string, LayerOption>>;
}

/** The calls of `layers.<name>(...)` and `input(...)` in a part of a program, in the order of their names. */
export function layersIn(part: Node): Layer[] {
  const found: { readonly layer: Layer; readonly at: number }[] = [];
  for (const node of nodesIn(part)) {
    if (node.type !== 'CallExpression') continue;
    const member = propertyOf(node.callee);
    const name = member?.property ?? nameOf(node.callee);
    const isLayer = member !== undefined && (propertyOf(member.object)?.property ?? nameOf(member.object)) === 'layers';
    if (name === undefined || !(isLayer || name === 'input')) continue;
    found.push({ layer: { name, options: optionsIn(node.arguments) }, at: member?.at ?? node.callee.start ?? 0 });
  }
  return found.sort((a, b) => a.at - b.at).map(({ layer }) => layer);
}

/** The options in the arguments of a call: `({ units: 128, inputShape: [28, 28, 1] })`. */
function optionsIn(args: readonly Node[]): Layer['options'] {
  const options: Record<string, LayerOption> = {};
  for (const argument of args.map(plain)) {
    if (argument.type !== 'ObjectExpression') continue;
    for (const property of argument.properties) {
      const key = property.type === 'ObjectProperty' && !property.computed ? nameOf(property.key) : undefined;
      if (property.type === 'ObjectProperty' && key !== undefined) options[key] = literal(plain(property.value));
    }
  }
  return options;
}

function literal(value: Node): LayerOption {
  if (value.type === 'NumericLiteral') return value.value;
  if (value.type === 'StringLiteral') return /^[\w-]+$/.test(value.value) ? value.value : undefined;
  if (value.type !== 'ArrayExpression') return undefined;
  const items = value.elements.map((item) => (item?.type === 'NumericLiteral' ? item.value : undefined));
  return items.every((item) => item !== undefined) ? items : undefined;
}
