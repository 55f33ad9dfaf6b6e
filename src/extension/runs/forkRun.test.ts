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
/** What an input shows: the items of a list, or a text box. */
interface Asked {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly buttons: readonly unknown[];
  readonly prompt: string;
  readonly value: string;
  /** What the box says about a text. */
  readonly saidOf: (text: string) => unknown;
}
type Answer = (shown: readonly Shown[] & Asked) => unknown;

const { window, goBack, inputs } = vi.hoisted(() => {
  const goBack = Symbol('the Back button');
  const inputs = {
    /** What the user does in each dialog, given what it shows: an item, a text, `goBack`, or undefined for Escape. */
    answers: [] as ((shown: never) => unknown)[],
    titles: [] as string[],
  };
  /** An input whose user answers as soon as it is shown. */
  const input = () => {
    const listeners: Record<string, (() => unknown) | undefined> = {};
    const on = (name: string) => (listener: () => unknown) => void (listeners[name] = listener);
    const self = {
      ...{ items: [] as object[], selectedItems: [] as unknown[], activeItems: [] as unknown[], value: '', title: '' },
      ...{ step: 0, totalSteps: 0, buttons: [] as unknown[], prompt: '', validationMessage: undefined as unknown },
      onDidAccept: on('accept'),
      onDidHide: on('hide'),
      onDidTriggerButton: on('button'),
      onDidChangeValue: on('value'),
      dispose: () => {},
      show() {
        inputs.titles.push(`${self.title} ${self.step}/${self.totalSteps}${self.buttons.length > 0 ? ' ←' : ''}`);
        const saidOf = (text: string) => {
          self.value = text;
          listeners.value?.();
          return self.validationMessage;
        };
        const { items, title, step, totalSteps, buttons, prompt, value, activeItems } = self;
        const about = { title, step, totalSteps, buttons, prompt, value, activeItems, saidOf };
        const answer = inputs.answers.shift()!(Object.assign([...items], about) as never);
        if (answer === undefined) listeners.hide?.();
        else if (answer === goBack) listeners.button?.();
        else {
          if (typeof answer === 'string') self.value = answer;
          else self.activeItems = [answer];
          listeners.accept?.();
        }
      },
    };
    return self;
  };
  return { goBack, inputs, window: { createQuickPick: input, createInputBox: input } };
});
vi.mock('vscode', () => ({
  window,
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
  QuickInputButtons: { Back: {} },
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

async function fork(...answers: Answer[]): Promise<Fork | undefined> {
  inputs.answers = answers;
  inputs.titles = [];
  let started: Fork | undefined;
  const launcher = { fork: (_: string, asked: Fork) => Promise.resolve(void (started = asked)) };
  await askFork(launcher, parent);
  expect(inputs.answers).toEqual([]);
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

it('numbers its questions, and goes back to each with what was answered', async () => {
  const started = await fork(
    pick('Step 500'),
    pick('batchSize'),
    () => '32',
    pick('constraint.lambda'),
    () => goBack,
    pick('steps'),
    () => '700',
    () => goBack,
    (items) => {
      expect(items).toMatchObject({ activeItems: [{ label: 'Step 500' }] });
      return pick('Step 1,000')(items);
    },
    (items) => {
      // The total that was entered lies before the new checkpoint.
      expect(items[0]).toMatchObject({ description: 'from step 1,000 to 2,000, 1 change' });
      return pick('$(play) Start Fork')(items);
    },
  );
  expect(started).toEqual({ step: 1000, steps: 2000, assignments: ['batchSize=32'] });
  expect(inputs.titles).toEqual([
    'Fork Run: Checkpoint 1/2',
    'Fork Run: Settings 2/2 ←',
    'Fork Run: batchSize 2/2 ←',
    'Fork Run: Settings 2/2 ←',
    'Fork Run: constraint.lambda 2/2 ←',
    'Fork Run: Settings 2/2 ←',
    'Fork Run: steps 2/2 ←',
    'Fork Run: Settings 2/2 ←',
    'Fork Run: Checkpoint 1/2',
    'Fork Run: Settings 2/2 ←',
  ]);
});

it('says at once what the parser and the linter say about a value', async () => {
  const said: unknown[] = [];
  await fork(
    pick('Step 1,000'),
    pick('batchSize'),
    ({ saidOf }) => {
      said.push(...['many', '', '32', String(experiment.batchSize)].map(saidOf));
      return undefined;
    },
    pick('optimizer.learningRate'),
    ({ saidOf }) => {
      said.push(saidOf('0.5'));
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

it('lists what users vary first, and the data last', () => {
  const text = '{ "data": { "source": "gaussians-ring" }, "preset": "wgan-gp", "optimizer": { "kind": "adam" } }';
  const { experiment } = parseExperiment(text, 'a.gan.json');
  const groups = [...new Set(forkSettings(experiment).map(({ key }) => key.split('.')[0]))];
  expect(groups.slice(0, 3)).toEqual(['optimizer', 'constraint', 'objective']);
  expect(groups.at(-1)).toBe('data');
});
