// Texts, messages and data files, checked in this process: hundreds of trials per second.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dataSources, type DataConfig, type DataSourceId } from '../../../src/catalog';
import { openSource } from '../../../src/data';
import { lintExperiment, parseExperiment, setOverride } from '../../../src/experiment';
import { findModels } from '../../../src/extension/models/findModels';
import { checkCommand } from '../../../src/protocol/control';
import { isStepSummary } from '../../../src/protocol/histograms';
import { checkLivePreview } from '../../../src/protocol/livePreview';
import { checkFromPage, checkToPage } from '../../../src/protocol/monitorChecks';
import { checkStatus } from '../../../src/protocol/status';
import { isUserError } from '../../../src/shared/userError';
import { type FaultKind, must } from '../faultKind';
import type { Random } from '../random';
import { root } from '../sandbox';
import { wrongValue } from './damage';

/** Passes errors that a user can understand; throws on any other. */
function userErrorsOnly(error: unknown): void {
  if (!isUserError(error)) throw error;
  must(
    /[.?]$/.test(error.message) && error.message.length < 4000,
    `an incomplete message: ${error.message.slice(0, 300)}`,
  );
}

/** Changes a text as editors, merges and hostile writers do. */
function mutate(text: string, random: Random, pieces: readonly string[]): string {
  let changed = text;
  for (let k = 0; k <= random.below(6); k++) {
    const at = random.below(changed.length + 1);
    const to = at + random.below(random.pick([1, 4, 40, 400]));
    const inserted = random.chance(0.6) ? random.pick(pieces).repeat(1 + random.below(random.pick([1, 3, 200]))) : '';
    changed = `${changed.slice(0, at)}${inserted}${changed.slice(random.chance(0.5) ? to : at)}`;
  }
  return changed.slice(0, 1 << 20);
}

const experimentTexts = () =>
  readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gan.json'))
    .map((name) => readFileSync(path.join(root, 'examples', name), 'utf8'));
const jsonPieces = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\ud800',
  'null',
  '-1',
  '1e999',
  'true',
  '//',
  '/*',
  '*/',
];
const settingPieces = [
  '"preset": "wgan"',
  '"data": {}',
  '"constraint": []',
  '"__proto__": {}',
  '"seed": 0.5',
  '\ufeff',
  '\u2028',
  '\n',
];

let texts: readonly string[] | undefined;

export const experimentFiles: FaultKind = {
  id: 'experiment-text',
  title: 'texts of experiment files, 40 % with overrides: problems at their places, never an exception',
  trials: { short: 2000, long: 70_000 },
  inProcess: true,
  fuzz: true,
  run: ({ random }) => {
    texts ??= experimentTexts();
    const text = mutate(random.pick(texts), random, [...jsonPieces, ...settingPieces]);
    const path = random.pick(['critic.width', 'data', 'constraint', 'x.y', '', '__proto__.a', 'metrics']);
    try {
      const value = random.pick(['1', '"a"', '{', '[1,2]', 'null', 'wgan']);
      const overrides = random.chance(0.4) ? [setOverride(`${path}=${value}`)] : [];
      const parsed = parseExperiment(text, 'x.gan.json', overrides);
      for (const problem of [...parsed.problems, ...lintExperiment(parsed)]) {
        must(
          problem.message.length > 0 && problem.message.length < 4000,
          `a message of ${problem.message.length} characters`,
        );
      }
    } catch (error) {
      userErrorsOnly(error);
    }
    return Promise.resolve();
  },
};

/** JSON of up to a few hundred values, some of which look like parts of messages. */
function anyValue(random: Random, depth = 0): unknown {
  const leaf = () =>
    random.pick([
      null,
      true,
      0,
      -1,
      1.5,
      NaN,
      Infinity,
      2 ** 53,
      '',
      'step',
      'stop',
      'running',
      'a'.repeat(10),
      undefined,
    ]);
  if (depth > 4 || random.chance(0.3)) return leaf();
  if (random.chance(0.4)) return Array.from({ length: random.below(5) }, () => anyValue(random, depth + 1));
  const keys = [
    'id',
    'kind',
    'type',
    'rate',
    'version',
    'state',
    'step',
    'layers',
    'rows',
    'columns',
    '__proto__',
    'message',
  ];
  return Object.fromEntries(
    Array.from({ length: random.below(8) }, () => [random.pick(keys), anyValue(random, depth + 1)]),
  );
}

export const messages: FaultKind = {
  id: 'message',
  title: 'commands, statuses, previews and messages of the page: accepted or refused, never an exception',
  trials: { short: 5000, long: 150_000 },
  inProcess: true,
  fuzz: true,
  run: ({ random }) => {
    const command = { id: 'abcdefgh', kind: random.pick(['stop', 'slow-motion', 'pause']), rate: 1 };
    const value = random.chance(0.5) ? anyValue(random) : wrongValue(command, random);
    for (const check of [checkCommand, checkStatus, checkLivePreview, checkFromPage, checkToPage]) {
      const result = check(value);
      must('value' in result || result.problem.length < 2000, 'a problem of over 2000 characters');
    }
    isStepSummary(value);
    return Promise.resolve();
  },
};

const modulePieces = [
  '/',
  '[/',
  '`',
  '${',
  '}',
  '`${',
  "'",
  '"',
  '//',
  '/*',
  '*/',
  '(',
  ')',
  '=>',
  'export ',
  'return ',
  '\\',
  '<',
  '\n',
];

export const modelTexts: FaultKind = {
  id: 'model-text',
  title: 'texts of modules in the model finder: found or not, in linear time',
  trials: { short: 300, long: 10_000 },
  inProcess: true,
  fuzz: true,
  run: ({ random }) => {
    const text = readFileSync(path.join(root, 'examples', 'custom-model', 'models.ts'), 'utf8');
    const long = random.chance(0.1) ? random.pick(modulePieces).repeat(20_000) : '';
    const mutated = mutate(text, random, modulePieces) + long;
    // Of the processor: other processes may have it for seconds.
    const before = process.cpuUsage();
    findModels(mutated);
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    must(seconds < 3, `${mutated.length} characters took ${seconds.toFixed(1)} s`);
    return Promise.resolve();
  },
};

const fixtures: readonly (readonly [DataSourceId, string, string])[] = [
  ['idx', 'mnist/t10k-images-idx3-ubyte', 'a-ubyte'],
  ['idx', 'mnist/train-images-idx3-ubyte.gz', 'a-ubyte.gz'],
  ['cifar', 'cifar/ten/test_batch.bin', 'test_batch.bin'],
  ['npy', 'numpy/u1.npy', 'a.npy'],
  ['npy', 'numpy/f8.npy', 'a.npy'],
  ['npy', 'numpy/fortran.npy', 'a.npy'],
  ['npz', 'numpy/plain.npz', 'a.npz'],
  ['npz', 'numpy/packed.npz', 'a.npz'],
  ['points', 'numpy/points.npy', 'a.npy'],
  ['points', 'numpy/points.txt', 'a.txt'],
  ['points', 'numpy/points.txt', 'a.csv'],
];

const noThreads = { count: 1, run: () => Promise.reject(new Error('no threads')), close: async () => {} };

export const dataFiles: FaultKind = {
  id: 'data-file',
  title: 'mutated data files (IDX, CIFAR, npy, npz, CSV, text): samples or a clear error, in bounded memory',
  trials: { short: 600, long: 40_000 },
  inProcess: true,
  fuzz: true,
  run: async ({ random, sandbox }) => {
    const [source, fixture, name] = random.pick(fixtures);
    const bytes = Buffer.from(readFileSync(path.join(root, 'test', 'fixtures', 'data', fixture)));
    for (let k = 0; k <= random.below(4); k++) {
      const at = Math.floor(bytes.length * random.pick([random.between(0, 0.03), random.between(0, 1)]));
      bytes.set(random.bytes(1 + random.below(8)).subarray(0, bytes.length - at), at);
    }
    const kept = bytes.subarray(0, random.chance(0.3) ? random.below(bytes.length + 1) : bytes.length);
    const folder = sandbox.work();
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), kept);
    const defaults = Object.entries(dataSources[source].parameters).map(
      ([key, { default: value }]: [string, { default?: unknown }]) => [key, value],
    );
    const config = {
      ...Object.fromEntries(defaults),
      source,
      path: name,
      memoryMiB: 64,
      onError: random.pick(['fail', 'skip']),
    } as unknown as DataConfig<typeof source>;
    try {
      const data = await openSource(config, { seed: 1, folder, workers: noThreads });
      data.batch({ seed: 1, stream: 'data', step: 0 }, new Float32Array(data.shape.reduce((a, b) => a * b, 1)));
    } catch (error) {
      userErrorsOnly(error);
    }
  },
};
