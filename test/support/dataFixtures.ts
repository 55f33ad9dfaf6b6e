// The files in test/fixtures/data, which other programs wrote, and what they hold.
import path from 'node:path';
import { dataSources, type DataConfig, type DataSourceId } from '../../src/catalog/index';
import { openSource, type DataContext, type DataSource } from '../../src/data/index';
import { isDataError } from '../../src/data/errors';

export const fixtures = path.resolve(__dirname, '../fixtures/data');

/** Of image i, row y, column x, channel c: the formula in make.py. */
export const valueAt = (i: number, y: number, x: number, c: number) => (37 * i + 5 * y + 3 * x + 11 * c) % 256;

/** Image i of [height, width, channels], row-major. */
export const imageOf = (i: number, height: number, width: number, channels: number) =>
  Array.from({ length: height * width * channels }, (_, k) =>
    valueAt(i, Math.floor(k / (width * channels)), Math.floor(k / channels) % width, k % channels),
  );

/** Settings of a source with the catalog's defaults. */
export function settings<K extends DataSourceId>(source: K, given: Partial<DataConfig<K>>): DataConfig<K> {
  const defaults = Object.entries(dataSources[source].parameters).map(
    ([name, { default: value }]: [string, { default?: unknown }]) => [name, value],
  );
  return { source, ...Object.fromEntries(defaults), ...given } as unknown as DataConfig<K>;
}

const noThreads: DataContext['workers'] = {
  count: 1,
  run: () => Promise.reject(new Error('no thread is needed here')),
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

export const inOrder = (a: readonly number[], b: readonly number[]) => {
  const k = a.findIndex((value, i) => value !== b[i]);
  return k < 0 ? 0 : a[k] - b[k];
};

export async function failure(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isDataError(error)) throw new Error(`no DataError but ${error instanceof Error ? error.stack : String(error)}`);
  return error;
}
