// Brings the samples of a data set to where training reads them: memory within the budget, a cache file beyond it.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createCacheFile, openCacheFile, type Cached, type CacheWriter, type Findings } from './cacheFile';
import type { DataContext } from '../dataSource';
import * as errors from '../errors';
import { mebibytes } from '../notes';
import { letGo, readerOf, readSample, sharedBytes, type Ahead, type SampleBytes, type Samples } from './sampleStorage';
import { sweep } from './evictCache';

/** Samples that are still to be read, and how. */
export interface Recipe {
  /** All that they depend on, as JSON: files with their sizes and times, options. Other content has another identity. */
  readonly identity: unknown;
  readonly slots: number;
  /** [height, width, channels]. */
  readonly shape: readonly [number, number, number];
  /** Reading them takes longer than reading them back, so they are kept in a file even where memory is enough. */
  readonly costly: boolean;
  /** Reads all samples and puts them, in any order: one or several at a time, from `slot` on. */
  fill(put: (slot: number, bytes: Uint8Array) => void): Promise<Findings>;
}

export interface Keeping {
  readonly memoryMiB: number;
  readonly cache: 'auto' | 'memory';
}

export interface Prepared {
  readonly samples: Samples;
  /** Where they are read from a file. */
  readonly ahead?: Ahead;
  /** With a note of where the samples are. */
  readonly findings: Findings;
}

/** Throws DataError where there is no room. */
export async function prepare(recipe: Recipe, keeping: Keeping, context: DataContext): Promise<Prepared> {
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

async function inMemory(recipe: Recipe, length: number): Promise<Prepared & { samples: SampleBytes }> {
  const bytes = sharedBytes(recipe.slots * length);
  const findings = await recipe.fill((slot, part) => bytes.set(part, slot * length));
  return { samples: { bytes, length }, findings: located(recipe, findings, 'in memory') };
}

async function inMemoryAndKept(recipe: Recipe, length: number, file: string): Promise<Prepared> {
  const { samples, findings } = await inMemory(recipe, length);
  let writer: CacheWriter | undefined;
  try {
    writer = begin(file, recipe.slots, length);
    const failed = new Set(
      findings.failures.flatMap(({ slot, count = 1 }) => Array.from({ length: count }, (_, k) => slot + k)),
    );
    const read = readerOf(samples);
    for (let slot = 0; slot < recipe.slots; slot++) if (!failed.has(slot)) writer.put(slot, read(slot));
    writer.finish(withoutPlace(findings));
    return { samples, findings };
  } catch (error) {
    writer?.discard();
    const note = `They could not be kept for the next run: ${(error as Error).message}.`;
    return { samples, findings: { ...findings, notes: [...findings.notes, note] } };
  }
}

async function inFile(recipe: Recipe, length: number, file: string, context: DataContext): Promise<Prepared> {
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
    const findings = await recipe.fill((slot, part) => writing(() => writer.put(slot, part)));
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
  sweep(path.dirname(file));
  return createCacheFile(file, slots, length);
}

/** All samples of a cache file in memory; undefined where one of them is damaged. */
function load(cached: Cached): { samples: SampleBytes } | undefined {
  const { length, sums } = cached;
  const bytes = sharedBytes(sums.length * length);
  let whole = true;
  for (let slot = 0; slot < sums.length && whole; slot++) {
    whole = readSample(cached, slot, bytes.subarray(slot * length, (slot + 1) * length));
  }
  letGo(cached);
  return whole ? { samples: { bytes, length } } : undefined;
}

/** The samples in a file; a thread reads those of the next batch, so that the system has them in memory by then. */
function stream({ findings: _, ...samples }: Cached, { workers }: DataContext): Omit<Prepared, 'findings'> {
  const { file, start, length } = samples;
  let busy = false;
  const ahead: Ahead = (slots) => {
    if (busy) return;
    busy = true;
    const done = () => void (busy = false);
    workers.run('readAhead', { file, start, length, slots: slots.slice() }).then(done, done);
  };
  return { samples, ahead };
}

const place = 'Samples: ';

function located({ slots, shape }: Recipe, findings: Findings, where: string): Findings {
  const note = `${place}${mebibytes(slots * shape[0] * shape[1] * shape[2])}, ${where}.`;
  return { ...findings, notes: [...withoutPlace(findings).notes, note] };
}

const withoutPlace = (findings: Findings): Findings => ({
  ...findings,
  notes: findings.notes.filter((note) => !note.startsWith(place)),
});

const keyOf = ({ identity, slots, shape }: Recipe): string =>
  createHash('sha256').update(JSON.stringify({ identity, slots, shape })).digest('hex').slice(0, 32);
