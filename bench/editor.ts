// Measures what the editor does with large runs: curves as CSV, samples as a GIF, lists of samples and of runs.
import { copyFileSync, linkSync, mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { RunMessage } from '../src/protocol/monitor';
import { feedMonitor } from '../src/extension/monitor/feed';
import { csvOf } from '../src/extension/runs/csv';
import { createRunIndex } from '../src/extension/runs/readRuns';
import { runPaths } from '../src/run/directory';
import { exportAnimation } from '../src/run/export/animation';
import { writeFinishedRun } from '../test/support/generatedRuns';
import { median } from './statistics';

const rows = 1_000_000;
const images = 10_000;
const runs = 1000;
/** The images of points and of image grids are about as large. */
const side = 640;

/** Prints the median milliseconds of each operation, and those of the processor, which a busy machine changes less. */
export async function benchmarkEditor(rounds: number, log: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-bench-'));
  try {
    const large = path.join(folder, 'large');
    await makeLargeRun(large);
    const listed = path.join(folder, 'runs');
    for (let i = 0; i < runs; i++) writeFinishedRun(path.join(listed, `20260101-000000-run-${i}`), 10);
    const wall = new Map<string, number[]>();
    const cpu = new Map<string, number[]>();
    const add = (times: Map<string, number[]>, name: string, ms: number) =>
      times.set(name, [...(times.get(name) ?? []), ms]);
    const timed = async (name: string, work: () => Promise<unknown>) => {
      const startedAt = performance.now();
      const cpuAtStart = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(cpuAtStart);
      add(wall, name, performance.now() - startedAt);
      add(cpu, name, (user + system) / 1000);
    };
    for (let round = 0; round < rounds; round++) {
      await timed(`CSV of ${rows} rows`, () => writeFile(path.join(folder, 'curve.csv'), csvOf([large])));
      const gif = path.join(folder, `${round}.gif`);
      await timed(`GIF of ${images} samples`, () => exportAnimation(large, gif));
      await measureFeed(large, round, timed);
      const index = createRunIndex();
      await timed(`list ${runs} runs`, () => index.read([listed]));
      await timed('list them again', () => index.read([listed]));
    }
    const shown = (times: readonly number[]) => median(times).toFixed(1).padStart(9);
    for (const [name, all] of wall) log(`${name.padEnd(40)} ${shown(all)} ms ${shown(cpu.get(name) ?? [])} CPU ms`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function makeLargeRun(directory: string): Promise<void> {
  writeFinishedRun(directory, rows);
  const { samples } = runPaths(directory);
  const distinct = 100;
  for (let k = 0; k < distinct; k++) {
    const pixels = Buffer.alloc(3 * side * side);
    for (let i = 0; i < pixels.length; i++) pixels[i] = 128 + 127 * Math.sin(i / (20 + k)) * Math.sin(i / 7919);
    const image = sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
    await image.png().toFile(path.join(directory, `${k}.png`));
  }
  for (let step = 1; step <= images; step++)
    linkSync(path.join(directory, `${step % distinct}.png`), path.join(samples, `step-${step}.png`));
}

async function measureFeed(
  directory: string,
  round: number,
  timed: (name: string, work: () => Promise<unknown>) => Promise<void>,
) {
  let received: (message: RunMessage) => void = () => {};
  const next = (type: RunMessage['type']) =>
    new Promise<void>((resolve) => (received = (message) => message.type === type && resolve()));
  const feed = feedMonitor({
    directory,
    post: (message) => received(message),
    pictureUri: (file) => file,
    everyMs: { curve: 20, rest: 20 },
  });
  await timed(`first state of ${images} samples`, () => next('state'));
  const sample = path.join(runPaths(directory).samples, `step-${2 * images + round}.png`);
  await timed('one more sample, polled every 20 ms', async () => {
    copyFileSync(path.join(directory, '0.png'), sample);
    await next('samples');
  });
  rmSync(sample);
  feed.stop();
  await feed.stopped;
}
