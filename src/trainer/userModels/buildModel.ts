// Builds a model from what a module exports: a function, a class, an object with builders, or the model itself; or a
// promise of any of these.
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Role } from '../../catalog';
import * as tfjs from '../../engine/tfjs';
import type { NetworkSpec } from '../../gan/network';
import { modelFileError } from '../inputErrors';
import { argumentsFor } from './builderArguments';
import { isClass } from './builderParameters';
import { atUserLine, definitionOf } from './moduleErrors';

type Callable = (...args: readonly unknown[]) => unknown;

/** Where a value comes from, for messages. */
interface Origin {
  readonly file: string;
  /** Of the export, or of its method. */
  readonly name: string;
  /** How the last function was called, as a sentence. */
  readonly call?: string;
}

/** Throws an InputError at the export. */
export async function buildModel(exported: unknown, origin: Origin, spec: NetworkSpec): Promise<LayersModel> {
  let [value, from] = [exported, origin];
  // An export may be a factory of a factory; what goes deeper is a mistake.
  for (let depth = 0; depth < 4; depth++) {
    value = await settled(value, from);
    if (isModel(value)) return value;
    const builder = builderIn(value, from, spec.role);
    if (builder === undefined) break;
    from = { ...from, name: builder.name };
    if ('model' in builder) {
      value = builder.model;
      continue;
    }
    const given = argumentsFor(builder.call as never, builder.name, spec);
    if ('refusal' in given) throw modelFileError('model-arguments', given.refusal, definitionOf(from.file, from.name));
    from = { ...from, call: given.call };
    value = called(() => builder.invoke(given.values), from);
  }
  const { file, name, call = '' } = from;
  const message = `"${name}" is ${describe(value)}; a TensorFlow.js model (tf.sequential or tf.model) or a function that returns one is needed. ${call}`;
  throw modelFileError('model-result', message.trim(), definitionOf(file, name));
}

type Builder =
  | { readonly name: string; readonly model: unknown }
  | { readonly name: string; readonly call: unknown; readonly invoke: (args: readonly unknown[]) => unknown };

/** How to get closer to a model from a value: call it, construct it, call one of its methods, or take a property. */
function builderIn(value: unknown, { name }: Origin, role: Role): Builder | undefined {
  if (typeof value === 'function') {
    const method = methodOf(value, role);
    if (method) return method;
    if (!isClass(value)) return { name, call: value, invoke: (args) => (value as Callable)(...args) };
    if (value.prototype instanceof tfjs.layers.Layer && !(value.prototype instanceof tfjs.LayersModel))
      return undefined;
    return { name, call: value, invoke: (args) => Reflect.construct(value, args) as unknown };
  }
  if (typeof value !== 'object' || value === null || value instanceof tfjs.layers.Layer || Array.isArray(value))
    return undefined;
  return methodOf(value, role);
}

const verbs = '(build|create|make|get|define|new)?_?';
const builderNames: { readonly [R in Role]: readonly RegExp[] } = {
  generator: [new RegExp(`^${verbs}(generator|gen|decoder)(_?(model|net|network))?$`, 'i')],
  critic: [new RegExp(`^${verbs}(critic|discriminator|disc)(_?(model|net|network))?$`, 'i')],
};
const anyBuilder = new RegExp(`^${verbs}(model|net|network)$|^(build|create|make|call)$`, 'i');

/** The member of a class or object that is or builds its model. */
function methodOf(owner: object, role: Role): Builder | undefined {
  const names = membersOf(owner);
  for (const pattern of [...builderNames[role], anyBuilder]) {
    for (const name of names.filter((known) => pattern.test(known))) {
      const member = (owner as Record<string, unknown>)[name];
      if (isModel(member) || member instanceof Promise) return { name, model: member };
      if (typeof member === 'function')
        return {
          name,
          call: member,
          invoke: (args) =>
            isClass(member) ? Reflect.construct(member, args) : (member as Callable).apply(owner, [...args]),
        };
    }
  }
  return undefined;
}

/** Names of the members of an object and its classes, but not those of every object, function or model. */
function membersOf(owner: object): string[] {
  const names = new Set<string>();
  const ends: readonly unknown[] = [null, Object.prototype, Function.prototype, tfjs.layers.Layer];
  for (let at: object | null = owner; !ends.includes(at); at = Object.getPrototypeOf(at) as object | null)
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return [...names].filter((name) => !['length', 'name', 'prototype', 'constructor'].includes(name));
}

async function settled(value: unknown, from: Origin): Promise<unknown> {
  try {
    return await value;
  } catch (error) {
    throw located(error, from);
  }
}

function called(f: () => unknown, from: Origin): unknown {
  try {
    return f();
  } catch (error) {
    throw located(error, from);
  }
}

const located = (error: unknown, { file, name, call }: Origin): Error =>
  atUserLine(error, definitionOf(file, name), 'model-call', call);

const isModel = (value: unknown): value is LayersModel => {
  if (!(value instanceof tfjs.LayersModel)) return false;
  // A sequential model without an input shape has none, and throws when it is asked for its outputs.
  return value.inputs !== undefined && value.outputs !== undefined;
};

function describe(value: unknown): string {
  if (value === undefined) return 'undefined: it returned nothing';
  if (value === null) return 'null';
  if (value instanceof tfjs.LayersModel) return 'a model whose first layer has no inputShape';
  if (
    value instanceof tfjs.layers.Layer ||
    (isClass(value) && (value as Callable).prototype instanceof tfjs.layers.Layer)
  )
    return 'a layer';
  if (Array.isArray(value)) return `an array of ${value.length} (export one function for each network)`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an object without members' : `an object with ${keys.slice(0, 8).join(', ')}`;
}
