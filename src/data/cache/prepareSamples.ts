// Brings the samples of a data set to where training reads them: memory within the budget, a cache file beyond it.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createCacheFile, openCacheFile, type CachedSamples, type CacheWriter, type ReadReport } from './cacheFile';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import { formatBytes } from '../../shared/text';
import {
  closeStorage,
  sampleReader,
  readSample,
  sharedBytes,
  type ReadAhead,
  type MemorySamples,
  type SampleStorage,
} from './sampleStorage';
import { evictCache } from './evictCache';

/** Samples that are still to be read, and how. */
export interface SampleLoader {
  /** All that they depend on, as JSON: files with their sizes and times, options. Other content has another identity. */
  readonly identity: unknown;
  readonly slots: number;
  /** [height, width, channels]. */
  readonly shape: readonly [number, number, number];
  /** Reading them takes longer than reading them back, so they are kept in a file even where memory is enough. */
  readonly costly: boolean;
  /** Reads all samples and puts them, in any order: one or several at a time, from `slot` on. */
  readAll(put: (slot: number, bytes: Uint8Array) => void): Promise<ReadReport>;
}

export interface StorageSettings {
  readonly memoryMiB: number;
  readonly cache: 'auto' | 'memory';
}

export interface PreparedSamples {
  readonly samples: SampleStorage;
  /** Where they are read from a file. */
  readonly ahead?: ReadAhead;
  /** With a note of where the samples are. */
  readonly findings: ReadReport;
}

/** Throws DataError where there is no room. */
export async function prepareSamples(
  recipe: SampleLoader,
  keeping: StorageSettings,
  context: DataContext,
): Promise<PreparedSamples> {
  const { slots, shape } = recipe;
  const length = shape[0] * shape[1] * shape[2];
  const fits = slots * length <= keeping.memoryMiB * 2 ** 20;
  const folder = keeping.cache === 'auto' ? context.cacheFolder : undefined;
  if (!fits && folder === undefined) {
    throw errors.overMemory(slots, shape, Math.ceil((slots * length) / 2 ** 20), keeping);
  }
  if (folder === undefined || (fits && !recipe.costly)) return inMemory(recipe, length);

  const file = path.join(folder, 'samples', `${keyOf(recipe)}.samples`);
  const kept = openCacheFile(file, slots, length, false);
  if (kept) {
    const found = fits ? load(kept) : stream(kept, context);
    const findings = located(recipe, kept.findings, `read from ${file}, where an earlier run kept them`);
    if (found) return { ...found, findings };
  }
  return fits ? inMemoryAndKept(recipe, length, file) : inFile(recipe, length, file, context);
}

async function inMemory(recipe: SampleLoader, length: number): Promise<PreparedSamples & { samples: MemorySamples }> {
  const bytes = sharedBytes(recipe.slots * length);
  const findings = await recipe.readAll((slot, part) => bytes.set(part, slot * length));
  return { samples: { bytes, length }, findings: located(recipe, findings, 'in memory') };
}

async function inMemoryAndKept(recipe: SampleLoader, length: number, file: string): Promise<PreparedSamples> {
  const { samples, findings } = await inMemory(recipe, length);
  let writer: CacheWriter | undefined;
  try {
    writer = begin(file, recipe.slots, length);
    const failed = new Set(
      findings.failures.flatMap(({ slot, count = 1 }) => Array.from({ length: count }, (_, k) => slot + k)),
    );
    const read = sampleReader(samples);
    for (let slot = 0; slot < recipe.slots; slot++) if (!failed.has(slot)) writer.put(slot, read(slot));
    writer.finish(withoutPlace(findings));
    return { samples, findings };
  } catch (error) {
    writer?.discard();
    const note = `They could not be kept for the next run: ${(error as Error).message}.`;
    return { samples, findings: { ...findings, notes: [...findings.notes, note] } };
  }
}

async function inFile(
  recipe: SampleLoader,
  length: number,
  file: string,
  context: DataContext,
): Promise<PreparedSamples> {
  const needed = Math.ceil((recipe.slots * length) / 2 ** 20);
  const writing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw errors.cacheUnwritable(file, needed, error as NodeJS.ErrnoException);
    }
  };
  const writer = writing(() => begin(file, recipe.slots, length));
  try {
    const findings = await recipe.readAll((slot, part) => writing(() => writer.put(slot, part)));
    writing(() => writer.finish(findings));
    const made = openCacheFile(file, recipe.slots, length, false);
    if (!made) throw errors.cacheDamaged(file, 0);
    const where = `more than memoryMiB, read from ${file} as they are needed`;
    return { ...stream(made, context), findings: located(recipe, findings, where) };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

function begin(file: string, slots: number, length: number): CacheWriter {
  mkdirSync(path.dirname(file), { recursive: true });
  evictCache(path.dirname(file));
  return createCacheFile(file, slots, length);
}

/** All samples of a cache file in memory; undefined where one of them is damaged. */
function load(cached: CachedSamples): { samples: MemorySamples } | undefined {
  const { length, checksums } = cached;
  const bytes = sharedBytes(checksums.length * length);
  let whole = true;
  for (let slot = 0; slot < checksums.length && whole; slot++) {
    whole = readSample(cached, slot, bytes.subarray(slot * length, (slot + 1) * length));
  }
  closeStorage(cached);
  return whole ? { samples: { bytes, length } } : undefined;
}

/** The samples in a file; a thread reads those of the next batch, so that the system has them in memory by then. */
function stream(
  { findings: _, ...samples }: CachedSamples,
  { workers }: DataContext,
): Omit<PreparedSamples, 'findings'> {
  const { file, start, length } = samples;
  let busy = false;
  const ahead: ReadAhead = (slots) => {
    if (busy) return;
    busy = true;
    const done = () => void (busy = false);
    workers.run('readAhead', { file, start, length, slots: slots.slice() }).then(done, done);
  };
  return { samples, ahead };
}

const place = 'Samples: ';

function located({ slots, shape }: SampleLoader, findings: ReadReport, where: string): ReadReport {
  const note = `${place}${formatBytes(slots * shape[0] * shape[1] * shape[2])}, ${where}.`;
  return { ...findings, notes: [...withoutPlace(findings).notes, note] };
}

const withoutPlace = (findings: ReadReport): ReadReport => ({
  ...findings,
  notes: findings.notes.filter((note) => !note.startsWith(place)),
});

const keyOf = ({ identity, slots, shape }: SampleLoader): string =>
  createHash('sha256').update(JSON.stringify({ identity, slots, shape })).digest('hex').slice(0, 32);
