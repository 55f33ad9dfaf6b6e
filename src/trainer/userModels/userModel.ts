// The user's model files: bundled once for a run, and evaluated again for each network that is built from them.
import path from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModuleNetworkConfig, Role } from '../../catalog';
import { nearest } from '../../experiment/suggestions';
import type { NetworkSpec } from '../../gan/network';
import { settingError, type ExperimentSource } from '../inputErrors';
import type { ModelBundle } from './bundleModule';
import { buildModel } from './buildModel';
import { evaluateModule, type Exports } from './evaluateModule';
import { atUserLine, startOf } from './moduleErrors';
import { moduleTensorflow } from './moduleTensorflow';

export interface BuiltModel {
  readonly model: LayersModel;
  /** The SHA-256 of each saved model that the module loaded, by absolute path. */
  readonly loaded: Readonly<Record<string, string>>;
}

/** Evaluates a model file and builds its model. Throws an InputError located in the file or at its setting. */
export async function buildUserModel(
  bundle: ModelBundle,
  { module, export: name }: ModuleNetworkConfig,
  spec: NetworkSpec,
  source: ExperimentSource,
  notice: (message: string) => void,
): Promise<BuiltModel> {
  const { file } = bundle;
  const { tensorflow, loaded } = moduleTensorflow(path.dirname(file), notice);
  const exports = await evaluateModule(bundle, tensorflow);
  let found: { readonly value: unknown } | { readonly names: readonly string[] };
  try {
    found = exportNamed(exports, name, spec.role);
  } catch (error) {
    throw atUserLine(error, startOf(file), 'model-load');
  }
  if ('names' in found) {
    const { names } = found;
    const has = names.length > 0 ? `it exports ${names.join(', ')}` : 'it has no exports';
    const meant = nearest(name, names) ?? names.find((other) => alike[spec.role].test(other));
    const advice = meant
      ? `Set "export" to "${meant}".`
      : `Set "export" to one of its exports, or add "${name}" to the file.`;
    const message = `${module} exports no function or model "${name}": ${has}. ${advice}`;
    throw settingError(source, 'model-export', [spec.role, 'export'], message);
  }
  return { model: await buildModel(found.value, { file, name }, spec), loaded };
}

const alike: { readonly [R in Role]: RegExp } = { generator: /generator|decoder/i, critic: /critic|discriminator/i };

/**
 * An export by its name: of the module, of the object that is its default export, or the default export itself if the
 * experiment does not name another one. Calls getters of the module.
 */
function exportNamed(exports: Exports, name: string, role: Role): { value: unknown } | { names: string[] } {
  const { default: standard, ...named } = Object.fromEntries(Object.keys(exports).map((key) => [key, key]));
  const value = standard && exports.default;
  const members = isPlain(value) ? Object.keys(value) : [];
  if (Object.hasOwn(exports, name)) return { value: exports[name] };
  if (members.includes(name)) return { value: (value as Exports)[name] };
  if (value !== undefined && !isPlain(value) && name === role) return { value };
  const isNamed = value === undefined || isPlain(value);
  return { names: [...new Set([...Object.keys(named), ...members, ...(isNamed ? [] : ['default'])])] };
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as null);
