// Forking a run: the settings that can be changed, and the messages about their values.
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { parseExperiment } from '../../experiment';
import { createRun } from '../../run/directory';
import type { Fork } from '../launch/launcherInterface';
import { askFork } from './forkRun';
import { createForkCheck, forkSettings } from './forkSettings';

interface Shown {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}
interface Asked {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
  readonly validateInput: (text: string) => unknown;
}

const { window } = vi.hoisted(() => ({
  window: {
    /** What the user does in each dialog, given what it shows. */
    answers: [] as ((shown: readonly Shown[] & Asked) => unknown)[],
    showQuickPick: (items: readonly Shown[]) => Promise.resolve(window.answers.shift()!(items as never)),
    showInputBox: (options: object) => Promise.resolve(window.answers.shift()!(options as never)),
  },
}));
vi.mock('vscode', () => ({
  window,
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
  QuickPickItemKind: { Separator: -1 },
  InputBoxValidationSeverity: { Error: 3, Warning: 2 },
}));

const folder = scratch();
const text = JSON.stringify({ name: 'ring', preset: 'wgan-gp', data: { source: 'gaussians-ring' }, steps: 1000 });
const experiment = parseExperiment(text, 'ring.gan.json').experiment!;
const pick = (label: string) => (items: readonly Shown[]) =>
  items.find((item) => item.label === label) ??
  expect.unreachable(`no ${label} in ${items.map((i) => i.label).join()}`);

let parent = '';
beforeEach(() => {
  parent = path.join(folder(), 'parent');
  const source = { path: path.join(folder(), 'ring.gan.json'), text };
  createRun(parent, { experiment, source, versions: {}, seed: 1, device: 'cpu' }, 10);
  for (const step of [500, 1000]) fs.mkdirSync(path.join(parent, 'checkpoints', `step-${step}`), { recursive: true });
});

async function fork(...answers: typeof window.answers): Promise<Fork | undefined> {
  window.answers = answers;
  let started: Fork | undefined;
  const launcher = { fork: (_: string, asked: Fork) => Promise.resolve(void (started = asked)) };
  await askFork(launcher, parent);
  expect(window.answers).toEqual([]);
  return started;
}

it('changes one setting after the other, by name, with its current value and what it means', async () => {
  const started = await fork(
    pick('Step 1,000'),
    (items) => {
      const rate = items.find(({ label }) => label === 'optimizer.learningRate')!;
      expect(rate).toMatchObject({ description: '0.0001', detail: expect.stringContaining('Learning rate') });
      expect(items[0]).toMatchObject({ description: 'from step 1,000 to 2,000, 0 changes' });
      return rate;
    },
    ({ value, title, prompt }) => {
      expect([value, title]).toEqual(['0.0001', 'Fork Run: optimizer.learningRate']);
      expect(prompt).toMatch(/^Learning rate.* Current value: 0\.0001$/);
      return ' 0.002 ';
    },
    (items) => {
      expect(items.find(({ label }) => label === 'optimizer.learningRate')?.description).toBe('0.0001 → 0.002');
      return pick('constraint.lambda')(items);
    },
    () => '1',
    pick('stepCosine'),
    pick('true'),
    pick('steps'),
    () => '5000',
    pick('$(play) Start Fork'),
  );
  expect(started).toEqual({
    step: 1000,
    steps: 5000,
    assignments: ['optimizer.learningRate=0.002', 'constraint.lambda=1', 'stepCosine=true'],
  });
});

it('keeps a setting whose value is entered again, and starts nothing if it is canceled', async () => {
  const started = await fork(
    pick('Step 500'),
    pick('batchSize'),
    () => '32',
    pick('batchSize'),
    ({ value }) => (value === '32' ? String(experiment.batchSize) : expect.unreachable()),
    pick('batchSize'),
    () => undefined,
    pick('$(play) Start Fork'),
  );
  expect(started).toEqual({ step: 500, steps: 1000, assignments: [] });
  expect(await fork(pick('Step 500'), () => undefined)).toBeUndefined();
  expect(await fork(() => undefined)).toBeUndefined();
});

it('says at once what the parser and the linter say about a value', async () => {
  const said: unknown[] = [];
  await fork(
    pick('Step 1,000'),
    pick('batchSize'),
    ({ validateInput }) => {
      said.push(...['many', '', '32', String(experiment.batchSize)].map(validateInput));
      return undefined;
    },
    pick('optimizer.learningRate'),
    ({ validateInput }) => {
      said.push(validateInput('0.5'));
      return undefined;
    },
    () => undefined,
  );
  expect(said).toEqual([
    { severity: 3, message: expect.stringMatching(/^batchSize must be a whole number from 1 to 65,536/) },
    expect.stringMatching(/^Enter a value/),
    undefined,
    undefined,
    { severity: 2, message: expect.stringContaining('0.5') },
  ]);
});

it('offers no setting that the weights depend on, and says nothing that holds for the run as it is', () => {
  const keys = forkSettings(experiment).map(({ key }) => key);
  expect(keys).toEqual(expect.arrayContaining(['constraint.lambda', 'optimizer.beta1', 'latent.distribution', 'seed']));
  for (const fixed of ['generator.depth', 'critic.width', 'latent.size', 'data.source', 'optimizer.kind', 'steps'])
    expect(keys).not.toContain(fixed);
  expect(keys.filter((key) => forkSettings(experiment).find((each) => each.key === key)?.text === '')).toEqual([]);
  expect(createForkCheck(experiment, 'x')(new Map())).toBeUndefined();
});
