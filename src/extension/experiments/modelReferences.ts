// The models that an experiment file refers to: the strings of "module" and "export". Works on files with other errors.
import path from 'node:path';
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { Role } from '../../catalog';

/** A string of the file: its value, and where it stands with its quotes, in UTF-16 units. */
export interface Spot {
  readonly value: string;
  readonly offset: number;
  readonly length: number;
}

export interface ModelPlace {
  readonly role: Role;
  readonly module: Spot;
  /** Undefined where the file leaves it open. */
  readonly export: Spot | undefined;
  /** The name of the export: as written, else the role. */
  readonly exported: string;
}

export function modelPlaces(text: string): ModelPlace[] {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  if (tree === undefined) return [];
  return (['generator', 'critic'] as const).flatMap((role) => {
    const module = spotOf(findNodeAtLocation(tree, [role, 'module']));
    const node = findNodeAtLocation(tree, [role, 'export']);
    const named = spotOf(node);
    if (module === undefined || (node !== undefined && named === undefined)) return [];
    return [{ role, module, export: named, exported: named?.value ?? role }];
  });
}

/** The model place and the one of its strings in which `offset` lies, its quotes included. */
export function placeAt(
  text: string,
  offset: number,
): { readonly place: ModelPlace; readonly spot: Spot; readonly key: 'module' | 'export' } | undefined {
  for (const place of modelPlaces(text)) {
    for (const key of ['module', 'export'] as const) {
      const spot = place[key];
      if (spot && offset >= spot.offset && offset <= spot.offset + spot.length) return { place, spot, key };
    }
  }
  return undefined;
}

function spotOf(node: Node | undefined): Spot | undefined {
  if (node === undefined || typeof node.value !== 'string') return undefined;
  return { value: node.value, offset: node.offset, length: node.length };
}

/** A path as an experiment file writes it, on every system. */
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

/** The modules that the text of an experiment file names, as absolute paths; whatever else is wrong with it. */
export const modelUses = (file: string, text: string): ModelUse[] =>
  modelPlaces(text).map(({ module, exported }) => ({
    file,
    module: path.resolve(path.dirname(file), module.value),
    exported,
  }));
