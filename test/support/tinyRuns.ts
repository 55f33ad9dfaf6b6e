// The smallest experiment with all outputs, and the files of its runs, read without code of the program.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** 30 steps of networks of 16 units, with metrics, sample grids and checkpoints. */
export const tiny = {
  data: { source: 'gaussians-ring' },
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 1, width: 16 },
  critic: { network: 'mlp', depth: 1, width: 16 },
  objective: 'wgan',
  constraint: { kind: 'gradient-penalty', lambda: 0.1 },
  criticSteps: 2,
  optimizer: { kind: 'adam', learningRate: 0.0005, beta1: 0, beta2: 0.9 },
  batchSize: 16,
  steps: 30,
  seed: 5,
  threads: 1,
  samples: { every: 10, grid: [4, 4] },
  checkpoints: { every: 10, keep: 3 },
  metrics: ['modes', 'w1'],
};

/** Writes the tiny experiment with changes to a file and returns its path. */
export function experiment(folder: string, changes: object = {}, name = 'tiny.gan.json'): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify({ ...tiny, ...changes }, null, 2));
  return file;
}

export const status = (run: string) =>
  JSON.parse(readFileSync(path.join(run, 'status.json'), 'utf8')) as { state: string; step: number; pid: number };

export const checkpoints = (run: string): string[] => readdirSync(path.join(run, 'checkpoints'));

/**
 * Reads metrics.bin, or sampleMetrics.bin, by its header, without code of the program: one object of values by column
 * per row, without the checksum, which includes the time.
 */
export function metrics(run: string, file = 'metrics.bin'): Record<string, number>[] {
  const bytes = readFileSync(path.join(run, file));
  const header = JSON.parse(bytes.subarray(0, bytes.indexOf(10)).toString()) as {
    dtype: { names: string[]; formats: string[] };
    offset: number;
  };
  const read: Record<string, [size: number, at: (offset: number) => number]> = {
    '<u4': [4, (offset) => bytes.readUInt32LE(offset)],
    '<f8': [8, (offset) => bytes.readDoubleLE(offset)],
    '<f4': [4, (offset) => bytes.readFloatLE(offset)],
  };
  const { names, formats } = header.dtype;
  const length = formats.reduce((sum, format) => sum + read[format][0], 0);
  const rows: Record<string, number>[] = [];
  for (let start = header.offset; start + length <= bytes.length; start += length) {
    let offset = start;
    const row: Record<string, number> = {};
    names.forEach((name, k) => {
      const [size, at] = read[formats[k]];
      if (name !== 'checksum') row[name] = at(offset);
      offset += size;
    });
    rows.push(row);
  }
  return rows;
}
