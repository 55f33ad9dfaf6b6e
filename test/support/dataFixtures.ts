// The files in test/fixtures/data, which other programs wrote, and their values.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { dataSources, type DataConfig, type DataSourceId } from '../../src/catalog';
import { isDataError } from '../../src/data/errors';
import { openSource, type DataContext, type DataSource } from '../../src/data';

export const fixtures = path.resolve(__dirname, '../fixtures/data');

/** A copy of the fixtures for each test of the file that calls this, to change and damage. */
export function copyOfFixtures(): { readonly path: string; file(...parts: string[]): string } {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'fixtures-'));
    cpSync(fixtures, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return {
    get path() {
      return folder;
    },
    file: (...parts) => path.join(folder, ...parts),
  };
}

/** The value at image i, row y, column x, channel c, as in make.py. */
export const valueAt = (i: number, y: number, x: number, c: number) => (37 * i + 5 * y + 3 * x + 11 * c) % 256;

/** Image i of [height, width, channels], row-major. */
export const imageOf = (i: number, height: number, width: number, channels: number) =>
  Array.from({ length: height * width * channels }, (_, k) =>
    valueAt(i, Math.floor(k / (width * channels)), Math.floor(k / channels) % width, k % channels),
  );

/** Images 0 to n − 1 in the order of their values, as `epoch` returns them. */
export const imagesOf = (n: number, height: number, width: number, channels: number) =>
  Array.from({ length: n }, (_, i) => imageOf(i, height, width, channels)).sort(inOrder);

/** The config of a source with the catalog's defaults. */
export function settings<K extends DataSourceId>(source: K, given: Partial<DataConfig<K>>): DataConfig<K> {
  const defaults = Object.entries(dataSources[source].parameters).map(
    ([name, { default: value }]: [string, { default?: unknown }]) => [name, value],
  );
  return { source, ...Object.fromEntries(defaults), ...given } as unknown as DataConfig<K>;
}

const noThreads: DataContext['workers'] = {
  count: 1,
  run: () => Promise.reject(new Error('this test needs no threads')),
  close: async () => {},
};

export const open = <K extends DataSourceId>(
  source: K,
  given: Partial<DataConfig<K>>,
  context: Partial<DataContext> = {},
) => openSource(settings(source, given), { seed: 1, folder: fixtures, workers: noThreads, ...context });

/** One epoch of training samples as bytes, in the order of their values, which does not depend on the shuffle. */
export function epoch(source: DataSource): number[][] {
  const length = source.shape.reduce((a, b) => a * b);
  const out = new Float32Array(length * source.size);
  source.batch({ seed: 1, stream: 'data', step: 0 }, out);
  const rows = Array.from({ length: source.size }, (_, i) =>
    Array.from(out.subarray(i * length, (i + 1) * length), (value) => Math.round((value + 1) * 127.5)),
  );
  return rows.sort(inOrder);
}

/** Compares lists by their first difference. */
export const inOrder = (a: readonly number[], b: readonly number[]) => {
  const k = a.findIndex((value, i) => value !== b[i]);
  return k < 0 ? 0 : a[k] - b[k];
};

/** The DataError that the work rejects with. */
export async function failure(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isDataError(error))
    throw new Error(`expected a DataError, got ${error instanceof Error ? error.stack : String(error)}`);
  return error;
}

/** A .npy file of these values, with a header of 128 bytes as NumPy writes it. */
export function npyFile(
  shape: readonly number[],
  values: Uint8Array | Int32Array | Float32Array | Float64Array,
  fortran = false,
): Buffer {
  const descr = { Uint8Array: '|u1', Int32Array: '<i4', Float32Array: '<f4', Float64Array: '<f8' }[
    values.constructor.name
  ];
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${tuple}), }`;
  const head = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  const text = `${dictionary.padEnd(117)}\n`;
  return Buffer.concat([head, Buffer.from(text), Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}
