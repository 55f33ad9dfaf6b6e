// Reads the samples of a data set into memory, or into a cache file if they exceed the memory budget.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { makeFolder } from '../../files/folder';
import { formatBytes } from '../../shared/text';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import { createCacheFile, openCacheFile, type CachedSamples, type CacheWriter, type ReadReport } from './cacheFile';
import { evictCache } from './evictCache';
import {
  closeStorage,
  readSample,
  sampleReader,
  sharedBytes,
  type MemorySamples,
  type ReadAhead,
  type SampleStorage,
} from './sampleStorage';

/** Samples that are still to be read. */
export interface SampleLoader {
  /** Everything that the samples depend on, as JSON: files with their sizes and times, settings. */
  readonly identity: unknown;
  /** Number of samples. */
  readonly slots: number;
  /** [height, width, channels]. */
  readonly shape: readonly [number, number, number];
  /** Whether reading the samples is slower than reading a cache file; such samples are always cached. */
  readonly costly: boolean;
  /** Reads all samples in any order and passes on one or more at a time, the first at `slot`. */
  readAll(put: (slot: number, bytes: Uint8Array) => void): Promise<ReadReport>;
}

export interface StorageSettings {
  readonly memoryMiB: number;
  readonly cache: 'auto' | 'memory';
}

export interface PreparedSamples {
  readonly storage: SampleStorage;
  /** Present if the samples are in a file. */
  readonly readAhead?: ReadAhead;
  /** With a note that says where the samples are. */
  readonly report: ReadReport;
}

/** Throws DataError if there is not enough memory or disk space. */
export async function prepareSamples(
  loader: SampleLoader,
  settings: StorageSettings,
  context: DataContext,
): Promise<PreparedSamples> {
  const { slots, shape } = loader;
  const length = shape[0] * shape[1] * shape[2];
  const fits = slots * length <= settings.memoryMiB * 2 ** 20;
  const folder = settings.cache === 'auto' ? context.cacheFolder : undefined;
  if (!fits && folder === undefined) {
    throw errors.overMemory(slots, shape, Math.ceil((slots * length) / 2 ** 20), settings);
  }
  if (folder === undefined || (fits && !loader.costly)) return readIntoMemory(loader, length);

  const file = path.join(folder, 'samples', `${cacheKey(loader)}.samples`);
  const cached = openCacheFile(file, slots, length, false);
  if (cached) {
    const found = fits ? loadCached(cached) : streamCached(cached, context);
    const report = withPlace(loader, cached.report, `read from ${file}, the cache of an earlier run`);
    if (found) return { ...found, report };
  }
  return fits ? readIntoMemoryAndFile(loader, length, file) : readIntoFile(loader, length, file, context);
}

async function readIntoMemory(
  loader: SampleLoader,
  length: number,
): Promise<PreparedSamples & { storage: MemorySamples }> {
  const bytes = sharedBytes(loader.slots * length);
  const report = await loader.readAll((slot, part) => bytes.set(part, slot * length));
  return { storage: { bytes, length }, report: withPlace(loader, report, 'in memory') };
}

async function readIntoMemoryAndFile(loader: SampleLoader, length: number, file: string): Promise<PreparedSamples> {
  const { storage, report } = await readIntoMemory(loader, length);
  let writer: CacheWriter | undefined;
  try {
    writer = startCacheFile(file, loader.slots, length);
    const failed = new Set(
      report.failures.flatMap(({ slot, count = 1 }) => Array.from({ length: count }, (_, k) => slot + k)),
    );
    const read = sampleReader(storage);
    for (let slot = 0; slot < loader.slots; slot++) if (!failed.has(slot)) writer.put(slot, read(slot));
    writer.finish(withoutPlace(report));
    return { storage, report };
  } catch (error) {
    writer?.discard();
    const note = `They could not be cached for the next run: ${(error as Error).message}.`;
    return { storage, report: { ...report, notes: [...report.notes, note] } };
  }
}

async function readIntoFile(
  loader: SampleLoader,
  length: number,
  file: string,
  context: DataContext,
): Promise<PreparedSamples> {
  const needed = Math.ceil((loader.slots * length) / 2 ** 20);
  const writing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw errors.cacheUnwritable(file, needed, error as NodeJS.ErrnoException);
    }
  };
  const writer = writing(() => startCacheFile(file, loader.slots, length));
  try {
    const report = await loader.readAll((slot, part) => writing(() => writer.put(slot, part)));
    writing(() => writer.finish(report));
    const cached = openCacheFile(file, loader.slots, length, false);
    if (!cached) throw errors.cacheDamaged(file, 0);
    const place = `more than "data.memoryMiB", read on demand from ${file}`;
    return { ...streamCached(cached, context), report: withPlace(loader, report, place) };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

function startCacheFile(file: string, slots: number, length: number): CacheWriter {
  makeFolder(path.dirname(file));
  evictCache(path.dirname(file));
  return createCacheFile(file, slots, length);
}

/** Reads all samples of a cache file into memory; undefined if one is damaged. */
function loadCached(cached: CachedSamples): { storage: MemorySamples } | undefined {
  const { length, checksums } = cached;
  const bytes = sharedBytes(checksums.length * length);
  let intact = true;
  for (let slot = 0; slot < checksums.length && intact; slot++) {
    intact = readSample(cached, slot, bytes.subarray(slot * length, (slot + 1) * length));
  }
  closeStorage(cached);
  return intact ? { storage: { bytes, length } } : undefined;
}

/** Leaves the samples in the file; a thread reads those of the next batch into the page cache. */
function streamCached(
  { report: _, ...storage }: CachedSamples,
  { workers }: DataContext,
): Omit<PreparedSamples, 'report'> {
  const { file, start, length } = storage;
  let busy = false;
  const readAhead: ReadAhead = (slots) => {
    if (busy) return;
    busy = true;
    const done = () => void (busy = false);
    workers.run('readAhead', { file, start, length, slots: slots.slice() }).then(done, done);
  };
  return { storage, readAhead };
}

const placePrefix = 'Samples: ';

function withPlace({ slots, shape }: SampleLoader, report: ReadReport, place: string): ReadReport {
  const note = `${placePrefix}${formatBytes(slots * shape[0] * shape[1] * shape[2])}, ${place}.`;
  return { ...report, notes: [...withoutPlace(report).notes, note] };
}

const withoutPlace = (report: ReadReport): ReadReport => ({
  ...report,
  notes: report.notes.filter((note) => !note.startsWith(placePrefix)),
});

const cacheKey = ({ identity, slots, shape }: SampleLoader): string =>
  createHash('sha256').update(JSON.stringify({ identity, slots, shape })).digest('hex').slice(0, 32);
