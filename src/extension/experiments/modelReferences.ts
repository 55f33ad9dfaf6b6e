// The models that an experiment file refers to: the strings of "module" and "export". Works on files with other errors.
import path from 'node:path';
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { Role } from '../../catalog';

/** A string in the file: its value and its position, quotes included, in UTF-16 units. */
export interface StringLiteral {
  readonly value: string;
  readonly offset: number;
  readonly length: number;
}

export interface ModelReference {
  readonly role: Role;
  readonly module: StringLiteral;
  /** Undefined if the file omits it. */
  readonly export: StringLiteral | undefined;
  /** The name of the export: as in the file, else the role. */
  readonly exported: string;
}

export function modelReferences(text: string): ModelReference[] {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  if (tree === undefined) return [];
  return (['generator', 'critic'] as const).flatMap((role) => {
    const module = literalOf(findNodeAtLocation(tree, [role, 'module']));
    const node = findNodeAtLocation(tree, [role, 'export']);
    const named = literalOf(node);
    if (module === undefined || (node !== undefined && named === undefined)) return [];
    return [{ role, module, export: named, exported: named?.value ?? role }];
  });
}

/** The model reference at `offset`, and which of its strings contains it, quotes included. */
export function referenceAt(
  text: string,
  offset: number,
): { readonly place: ModelReference; readonly spot: StringLiteral; readonly key: 'module' | 'export' } | undefined {
  for (const place of modelReferences(text)) {
    for (const key of ['module', 'export'] as const) {
      const spot = place[key];
      if (spot && offset >= spot.offset && offset <= spot.offset + spot.length) return { place, spot, key };
    }
  }
  return undefined;
}

function literalOf(node: Node | undefined): StringLiteral | undefined {
  if (node === undefined || typeof node.value !== 'string') return undefined;
  return { value: node.value, offset: node.offset, length: node.length };
}

/** A relative path in the form that experiment files use on every platform. */
export function relativeTo(folder: string, file: string): string {
  const way = path.relative(folder, file).replaceAll('\\', '/');
  return way.startsWith('.') || path.isAbsolute(way) ? way : `./${way}`;
}

export interface ModelUse {
  /** The experiment file. */
  readonly file: string;
  /** The model file and the name of the export. */
  readonly module: string;
  readonly exported: string;
}

/** The models that the text of an experiment file refers to, with absolute paths. Works on files with other errors. */
export const modelUses = (file: string, text: string): ModelUse[] =>
  modelReferences(text).map(({ module, exported }) => ({
    file,
    module: path.resolve(path.dirname(file), module.value),
    exported,
  }));
