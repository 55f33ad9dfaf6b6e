// The benchmark's harness with a fake contender that does no work and reports invented times.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { flopsPerIteration } from '../../bench/flops';
import { cases, type BenchCase } from '../../bench/cases';
import { type Contender, type Setting } from '../../bench/contenders';
import { scaledCases } from '../../bench/scaledCases';
import { watchMemory } from '../../bench/memoryWatch';
import { start } from '../../bench/contenderProcess';
import { race, type Pace } from '../../bench/race';
import { markdown, reportOf } from '../../bench/report';
import { median, quantile } from '../../bench/statistics';

const pretender = `
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
const { NAME, MS, LOG, GEMM, HOST, CANNOT, DIES, SAYS } = process.env;
const say = (line) => console.log(JSON.stringify(line));
const of = JSON.parse(process.argv.at(-1));
console.log('a library greets its users');
if (CANNOT) { say({ unavailable: CANNOT }); process.exit(); }
say({ ready: true, contender: NAME, version: of.name, offers: GEMM ? ['gemm'] : [] });
let [asked, leaked] = [0, 0];
for await (const line of createInterface({ input: process.stdin })) {
  const [question, count] = line.split(' ');
  appendFileSync(LOG, NAME + ' ' + line + '\\n');
  if (question === 'gemm') { say({ gflops: Number(GEMM) }); continue; }
  if (DIES && ++asked > Number(DIES)) { console.error('Traceback\\nout of memory'); process.exit(1); }
  if (SAYS) { console.log(SAYS); continue; }
  const msPerIteration = Array.from({ length: Number(count) }, (_, i) => Number(MS) * (i % 2 ? 1.5 : 1));
  const memory = { rssMiB: 100 + 2 * leaked++, heapMiB: 5, tensors: 3 };
  say({ msPerIteration, peakRssMiB: 7, criticLoss: 1, memory, ...(HOST ? { hostOverhead: Number(HOST) } : {}) });
}
`;
const benchCase: BenchCase = { ...cases[0], name: 'tiny' };
const pace: Pace = { rounds: 3, turnMs: 40, trialRounds: 2, restMs: 0 };
let folder: string;
let script: string;
let log: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'earthmover-bench-'));
  script = path.join(folder, 'pretender.mjs');
  log = path.join(folder, 'log.txt');
  writeFileSync(script, pretender);
});
beforeEach(() => writeFileSync(log, ''));
afterAll(() => rmSync(folder, { recursive: true }));

const pretends = (
  name: string,
  env: Record<string, string>,
  labels: Record<string, string> = { '': env.MS },
): Contender => ({
  name,
  command: process.execPath,
  args: [script],
  settings: Object.entries(labels).map(([label, MS]): Setting => {
    return { label, env: { ...env, NAME: `${name}${label && ` ${label}`}`, LOG: log, MS } };
  }) as [Setting, ...Setting[]],
  help: 'Install it.',
});
const asked = () => readFileSync(log, 'utf8').trim().split('\n');

describe('the benchmark', () => {
  test('alternates the order of contenders, and compares each at its best setting with ours', async () => {
    const ours: Contender = { ...pretends('ours', { MS: '10', GEMM: '100', HOST: '0.25' }), ours: true };
    const peer = pretends('peer', {}, { 'one thread': '40', 'two threads': '20' });
    const outcome = await race(benchCase, [ours, peer], pace);
    const report = reportOf(outcome);
    // A turn of 40 ms: 4 iterations of ours (10, 15, 10, 15), 2 of the peer at its best (20, 30).
    expect(asked().slice(-9)).toEqual([
      ...['ours go 4', 'ours gemm', 'peer two threads go 2'],
      ...['peer two threads go 2', 'ours go 4', 'ours gemm'],
      ...['ours go 4', 'ours gemm', 'peer two threads go 2'],
    ]);
    expect(report.runs).toMatchObject([
      {
        contender: 'ours',
        version: 'tiny',
        setting: '',
        minimum: 10,
        quartile: 10,
        iterations: 12,
        ratio: 1,
        peakRssMiB: 7,
      },
      {
        contender: 'peer',
        setting: 'two threads',
        msPerIteration: 25,
        minimum: 20,
        iterations: 6,
        ratio: 2,
        ratioOfMinima: 2,
      },
    ]);
    expect(report.runs[1].tried['one thread']).toBeGreaterThan(report.runs[1].tried['two threads']);
    expect(report.hostOverhead).toBe(0.25);
    expect(report.gemm).toEqual({ gflops: 100, contender: 'ours' });
    // 6.64 GFLOP at 100 GFLOP/s take 66.4 ms; ours claims 12.5.
    expect(report.gemmFraction).toBeCloseTo(flopsPerIteration(benchCase) / 1e11 / 0.0125, 12);
    const table = markdown([report]);
    expect(table).toContain('| peer | tiny | two threads | 25.0 | 20.0 | 20.0 | 2.00 | 2.00 | 7 | ');
    expect(table).toContain('6.64 GFLOP per iteration · GEMM rate 100 GFLOP/s (ours)');
  });

  test('drops a setting that takes twice as long as the best', async () => {
    const peer = pretends('peer', {}, { slow: '100', good: '10', fair: '15' });
    const report = reportOf(await race(benchCase, [peer], { ...pace, rounds: 1 }));
    const turns = (label: string) => asked().filter((line) => line.startsWith(`peer ${label} go`)).length;
    // The warm-up and one turn; both turns; both turns and the race.
    expect([turns('slow'), turns('fair'), turns('good')]).toEqual([2, 3, 4]);
    expect(Object.keys(report.runs[0].tried)).toEqual(['good', 'fair', 'slow']);
  });

  test('lists contenders that are unavailable, missing, crash or print garbage with the reason, and continues with the others', async () => {
    const contenders = [
      pretends('modest', { CANNOT: 'no double | backward' }),
      { ...pretends('lost', {}), command: path.join(folder, 'no-such-python') },
      { ...pretends('unbuilt', {}), absent: 'bench/contenders/unbuilt.ts does not exist' },
      pretends('mortal', { MS: '10', DIES: '4' }),
      pretends('muddled', { SAYS: '{"msPerIteration":[-1],"criticLoss":1}' }),
      pretends('diverged', { SAYS: '{"msPerIteration":[1],"criticLoss":null}' }),
      pretends('steady', { MS: '10' }),
    ];
    const report = reportOf(await race(benchCase, contenders, pace));
    expect(report.runs.map(({ contender, ratio }) => [contender, ratio])).toEqual([['steady', null]]);
    expect(report.gemmFraction).toBeNull();
    expect(report.hostOverhead).toBeNull();
    const reasons = Object.fromEntries(report.unavailable.map(({ contender, reason }) => [contender, reason]));
    expect(Object.keys(reasons).sort()).toEqual(['diverged', 'lost', 'modest', 'mortal', 'muddled', 'unbuilt']);
    expect(reasons.modest).toBe('no double | backward');
    expect(reasons.lost).toBe(`${path.join(folder, 'no-such-python')} was not found. Install it.`);
    expect(reasons.unbuilt).toBe('bench/contenders/unbuilt.ts does not exist');
    expect(reasons.mortal).toBe('it exited before it answered: out of memory');
    expect(reasons.muddled).toMatch('unexpected answer');
    expect(reasons.diverged).toMatch('unexpected answer');
    expect(markdown([report])).toContain('| modest | unavailable: no double \\| backward |');
  });

  test('kills a contender that never answers after a timeout', async () => {
    const silent = { ...pretends('silent', {}), args: ['-e', 'setInterval(() => {}, 1000)'] };
    expect(await start(silent, benchCase, silent.settings[0], 300)).toEqual({ unavailable: 'no answer within 0.3 s' });
  });
});

test('prints the memory after each tenth of the steps, and finally its growth', async () => {
  const output: string[] = [];
  await watchMemory(benchCase, pretends('ours', { MS: '2' }), 25, (text) => output.push(text));
  expect(asked().filter((line) => line.startsWith('ours go'))).toEqual([
    ...new Array<string>(8).fill('ours go 3'),
    'ours go 1',
  ]);
  expect(output).toContain('| 3 | 2.0 | 100.0 | 5.0 | 3 |');
  expect(output).toContain('| 25 | 2.0 | 116.0 | 5.0 | 3 |');
  expect(output.at(-1)).toContain('from the first to the last tenth: 16.0 MiB');
});

test('has scaled cases that differ in one respect only', () => {
  for (const one of cases) {
    const [same, twice, four, wider, ...larger] = scaledCases(one);
    expect(same).toBe(one);
    expect([twice, four].map(({ batchSize }) => batchSize / one.batchSize)).toEqual([2, 4]);
    expect(flopsPerIteration(four)).toBe(4 * flopsPerIteration(one));
    expect({ ...wider, name: '', network: one.network }).toEqual({ ...one, name: '' });
    for (const { sample } of larger) expect(sample).toEqual([2 * one.sample[0], 2 * one.sample[1], one.sample[2]]);
    for (const more of [wider, ...larger]) expect(flopsPerIteration(more)).toBeGreaterThan(flopsPerIteration(one));
    expect(new Set(scaledCases(one).map(({ name }) => name)).size).toBe(4 + larger.length);
  }
});

describe('the floating-point operations per iteration', () => {
  test('equal a manual count of every product for one hidden layer', () => {
    const B = 5;
    const small: BenchCase = {
      ...cases[0],
      batchSize: B,
      latent: 2,
      sample: [2, 2, 1],
      network: { kind: 'mlp', depth: 1, width: 3 },
      criticSteps: 2,
    };
    const product = (m: number, k: number, n: number) => 2 * m * k * n;
    const sum = (products: readonly number[]) => products.reduce((total, n) => total + n, 0);
    const generate = [product(B, 2, 3), product(B, 3, 4)];
    const score = [product(B, 4, 3), product(B, 3, 1)];
    // dW₂ = hᵀ·dy, dh = dy·W₂ᵀ, dW₁ = xᵀ·dh; no gradient for x.
    const learn = [product(3, B, 1), product(B, 1, 3), product(4, B, 3)];
    // g = (dy·W₂ᵀ ∘ φ')·W₁ᵀ, then by u = dL/dg: dW₁ᵀ and the way back through it, dW₂ᵀ and the way back through it.
    const gradient = [product(B, 1, 3), product(B, 3, 4)];
    const penalty = [product(3, B, 4), product(B, 4, 3), product(1, B, 3), product(B, 3, 1)];
    const critic = sum([...generate, ...score, ...score, ...learn, ...learn, ...score, ...gradient, ...penalty]);
    // Through the critic to x~, then dW and dh of the generator.
    const through = [product(B, 1, 3), product(B, 3, 4)];
    const generator = sum([...generate, ...score, ...through, product(3, B, 4), product(B, 4, 3), product(2, B, 3)]);
    expect(flopsPerIteration(small)).toBe(2 * critic + generator);
  });

  test('follow from the multiplications of a forward pass for the first two cases', () => {
    const iteration = (G: number, G1: number, F: number, F1: number) =>
      128 * (5 * (G + 10 * F - 2 * F1) + 3 * G - G1 + 2 * F);
    const [dense, square] = [784 * 512, 2 * 512 * 512];
    expect(flopsPerIteration(cases[0])).toBe(iteration(51_200 + square + dense, 51_200, dense + square + 512, dense));
    // 16·16 positions of a 4·4·3 window by 64 filters, 8·8 of 4·4·64 by 128, 4·4 of 4·4·128 by 256; and the code of
    // 4096.
    const layers = [256 * 48 * 64, 64 * 1024 * 128, 16 * 2048 * 256];
    const convolutions = layers[0] + layers[1] + layers[2];
    expect(flopsPerIteration(cases[1])).toBe(
      iteration(convolutions + 409_600, 409_600, convolutions + 4096, layers[0]),
    );
  });

  test('count work shared by four pixels once in residual networks', () => {
    const resnet = cases.find(({ network }) => network.kind === 'resnet')!;
    const one: BenchCase = {
      ...resnet,
      batchSize: 1,
      criticSteps: 0,
      network: { kind: 'resnet', filters: 1 },
      latent: 1,
      sample: [32, 32, 1],
    };
    const [G1, up, end] = [16, 64 * 18 + 16 + 256 * 18 + 64 + 1024 * 18 + 256, 1024 * 9];
    // 3×3 and means of 3×3 and 1×1 as 4×4 and 2×2 of stride 2: the first block, the second, two that keep, the score.
    const F = 1024 * 9 + 256 * 16 + 256 * 4 + (256 * 9 + 64 * 16 + 64 * 4) + 4 * 64 * 9 + 1;
    expect(flopsPerIteration(one)).toBe(2 * (3 * (G1 + up + end) - G1 + 2 * F));
  });
});

test('quantiles and medians are those of the sorted values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
  expect(quantile([1, 2], 0.25)).toBe(1.25);
});
