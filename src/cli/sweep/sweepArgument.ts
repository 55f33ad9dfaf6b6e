// The sweep that an argument of the command line means.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inside } from '../../run/diskAccess';
import { nearest } from '../../experiment/suggestions';
import { isSweepFile } from '../../sweep/isSweepFile';
import { nameOfSweep, parseSweep } from '../../sweep/parseSweep';
import { defaultSweepDirectory, openSweep, sweepsFolder, type Sweep } from '../../sweep/sweepDirectory';
import { errors } from '../errors';
import { readInput } from '../experimentFile';
import { besideOf, namesInside } from '../namesInside';

/**
 * The sweep given as its directory, the name of one in .earthmover/sweeps, or its file.
 * @throws UserError if there is none
 */
export function sweepArgument(argument: string): Sweep {
  const places = isSweepFile(argument) ? [directoryOfFile(argument)] : [path.resolve(argument)];
  if (!isSweepFile(argument) && !/[\\/]/.test(argument)) places.push(inside(sweepsFolder(process.cwd()), argument));
  const found = places.find((place) => existsSync(place));
  if (!found) {
    const files = namesInside(path.dirname(argument)).filter(isSweepFile);
    const known = [...namesInside(sweepsFolder(process.cwd())), ...files.map((name) => besideOf(argument, name))];
    throw errors.noSuchSweep(argument, places, nearest(argument, known));
  }
  return openSweep(found);
}

function directoryOfFile(file: string): string {
  const parsed = parseSweep(readInput(file), file);
  return defaultSweepDirectory(process.cwd(), nameOfSweep(parsed));
}
