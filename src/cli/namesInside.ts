// The names in a folder, to find the one that was meant.
import path from 'node:path';
import { namesIn } from '../files/folder';

/** None if the folder does not exist or cannot be read. */
export function namesInside(folder: string): string[] {
  try {
    return namesIn(folder);
  } catch {
    return [];
  }
}

/** The path of a file in the folder of another one, written as that is. */
export const besideOf = (file: string, name: string): string => file.slice(0, -path.basename(file).length) + name;
