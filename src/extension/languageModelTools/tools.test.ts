// The language-model tools as VS Code calls them: they ask for confirmation, explain errors, and are confined to the
// workspace.
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as editor from '../../../test/support/vscode';
import { scratch } from '../../../test/fixtures/run/scratch';
import { createRun, runPaths } from '../../run/directory';
import { createMetrics } from '../../run/metricsWriter';
import type { Launcher } from '../launch/launcherInterface';
import type { Run } from '../runs/readRuns';
import { registerTools } from './registerTools';
import { spread } from './runSummary';
import { toolNames, type ToolName } from '../ids';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const root = scratch();
const ring = '{ "data": { "source": "gaussians-ring" }, "steps": 50 }';
const never = { isCancellationRequested: false };

let all: Run[] = [];
let started: { file: string; settings: readonly string[] }[] = [];
let launched: string[] = [];

interface EditorTool {
  prepareInvocation(options: { input: unknown }): Promise<{
    invocationMessage: editor.MarkdownString;
    confirmationMessages?: { title: string; message: editor.MarkdownString };
  }>;
  invoke(options: { input: unknown }, token: unknown): Promise<editor.LanguageModelToolResult>;
}

const tool = (name: ToolName) => editor.registered.tool.findLast(([id]) => id === name)?.[1] as EditorTool;
const call = async (name: ToolName, input: unknown, token: unknown = never) =>
  JSON.parse((await tool(name).invoke({ input }, token)).content[0].value);

function newRun(folder: string, experiment: object, estimates: readonly number[]): string {
  const directory = path.join(root(), '.earthmover/runs', folder);
  const source = { path: path.join(root(), 'ring.gan.json'), text: ring };
  const run = createRun(directory, { experiment, source, versions: {}, seed: 1, device: 'cpu' }, estimates.length);
  const metrics = createMetrics(
    runPaths(directory).metrics,
    ['estimate', 'criticLoss'].map((name) => ({ name, label: '', unit: '' })),
  );
  estimates.forEach((estimate, i) => metrics.append(i + 1, i, { estimate, criticLoss: -estimate }));
  metrics.close();
  run.status.update({ state: 'finished', step: estimates.length, metrics: { w1: 0.5 } });
  all = [{ directory, name: String((experiment as { name: string }).name) } as Run, ...all];
  return directory;
}

beforeEach(() => {
  all = [];
  started = [];
  launched = [];
  editor.workspace.isTrusted = true;
  editor.workspace.workspaceFolders = [{ uri: editor.Uri.file(root()) }];
  fs.writeFileSync(path.join(root(), 'ring.gan.json'), ring);
  const runs = {
    refresh: async () => {},
    get all() {
      return all;
    },
  };
  const launcher = {
    async train(file: editor.Uri, change: () => readonly string[]) {
      started.push({ file: file.fsPath, settings: change() });
      const directory = newRun('20240109-080706-ring', { name: 'ring' }, [2, 1]);
      return { directory, directories: [directory], experiment: {} };
    },
  };
  registerTools({
    runs: runs as never,
    launcher: launcher as unknown as Launcher,
    onLaunched: ({ directory }) => launched.push(directory),
  });
});

it('are registered under the names in package.json, and skipped in an editor without language models', () => {
  expect(editor.registered.tool.slice(-4).map(([name]) => name)).toEqual(toolNames);
  const { registerTool } = editor.lm;
  const before = editor.registered.tool.length;
  Object.assign(editor.lm, { registerTool: undefined });
  registerTools({} as never).dispose();
  Object.assign(editor.lm, { registerTool });
  expect(editor.registered.tool).toHaveLength(before);
});

describe('start_gan_run', () => {
  it('asks for confirmation with the file and its changes, and escapes links in arguments', async () => {
    const settings = { steps: 9, name: '[click](command:x) \u202e' };
    const { confirmationMessages } = await tool('start_gan_run').prepareInvocation({
      input: { experiment: 'ring.gan.json', settings },
    });
    expect(confirmationMessages?.title).toBe('Start GAN training?');
    const { value } = confirmationMessages!.message;
    expect(value.replaceAll('\\', '')).toContain(`This trains ${path.join(root(), 'ring.gan.json')} on this machine`);
    expect(value).toContain('These settings are overridden: steps=9, name="\\[click\\]\\(command:x\\) \\\\u202e".');
  });

  it('trains with the given settings, shows the run, and returns its first results', async () => {
    const settings = { steps: 9, 'critic.width': 32, name: 'two words' };
    const answer = await call('start_gan_run', { experiment: 'ring.gan.json', settings });
    expect(started).toEqual([
      { file: path.join(root(), 'ring.gan.json'), settings: ['steps=9', 'critic.width=32', 'name="two words"'] },
    ]);
    expect(answer).toMatchObject({ started: true, runs: ['20240109-080706-ring'], state: 'finished', step: 2 });
    expect(launched).toHaveLength(1);
  });

  it('returns the problems of a file that cannot be trained', async () => {
    const answer = await call('start_gan_run', { experiment: 'ring.gan.json', settings: { steps: 'many' } });
    expect(answer).toMatchObject({
      started: false,
      problems: [{ severity: 'error', message: expect.stringContaining('steps') }],
    });
    expect(started).toEqual([]);
  });

  it.each([
    [{}, /"experiment" is missing/],
    [{ experiment: '../outside.gan.json' }, /outside the workspace/],
    [{ experiment: '/etc/passwd' }, /not an experiment file/],
    [{ experiment: 'missing.gan.json' }, /no file "missing.gan.json" in the workspace/],
    [
      { experiment: 'ring.gan.json', waitSeconds: 1e9 },
      /"waitSeconds" is 1000000000; it must be a number from 0 to 600/,
    ],
    [{ experiment: 3 }, /"experiment" is 3; it must be a non-empty string/],
    [{ experiment: 'ring.gan.json', settings: [] }, /"settings" is \[\]/],
  ])('rejects %j', async (input, message) => {
    await expect(call('start_gan_run', input)).rejects.toThrow(message);
    await expect(tool('start_gan_run').prepareInvocation({ input }), 'nobody is asked').rejects.toThrow(message);
    expect(started).toEqual([]);
  });

  it('starts nothing in Restricted Mode or after cancellation', async () => {
    await expect(
      call('start_gan_run', { experiment: 'ring.gan.json' }, { isCancellationRequested: true }),
    ).rejects.toThrow(editor.CancellationError);
    editor.workspace.isTrusted = false;
    await expect(call('start_gan_run', { experiment: 'ring.gan.json' })).rejects.toThrow(/Restricted Mode/);
    expect(started).toEqual([]);
  });
});

describe('get_gan_run', () => {
  it('reads the latest run, or the named one, without confirmation', async () => {
    newRun('a', { name: 'first' }, [4, NaN, 2, 1]);
    newRun('b', { name: 'second' }, [5]);
    expect((await tool('get_gan_run').prepareInvocation({ input: {} })).confirmationMessages).toBeUndefined();
    expect(await call('get_gan_run', {})).toMatchObject({ run: 'b', curve: { steps: [1], estimate: [5] } });
    const first = { run: 'a', state: 'finished', metrics: { w1: 0.5 } };
    const curve = { steps: [2, 4], estimate: [null, 1], last: { estimate: 1, criticLoss: -1 } };
    for (const run of ['a', 'first', all[1].directory]) {
      expect(await call('get_gan_run', { run, points: 2 })).toMatchObject({ ...first, curve });
    }
    await expect(call('get_gan_run', { run: '../b' })).rejects.toThrow(
      'There is no run "../b". The latest runs are: b, a.',
    );
  });

  it('reports a run whose process died, and does not wait for it', async () => {
    newRun('a', { name: 'first' }, [1]);
    const status = path.join(all[0].directory, 'status.json');
    const { pid, processStart, ...kept } = JSON.parse(fs.readFileSync(status, 'utf8'));
    expect([typeof pid, processStart === undefined]).toEqual(['number', false]);
    fs.writeFileSync(status, JSON.stringify({ ...kept, state: 'running', pid: 2 ** 30, processStart: null }));
    expect(await call('get_gan_run', { waitSeconds: 600 })).toMatchObject({
      state: 'dead',
      step: 1,
      sampleImages: null,
    });
  });

  it('truncates long texts and escapes control characters', async () => {
    newRun('a', { name: '\u001b[31m\u202eevil' }, [1]);
    const status = path.join(all[0].directory, 'status.json');
    const said = {
      ...JSON.parse(fs.readFileSync(status, 'utf8')),
      state: 'failed',
      message: `first\n${'x'.repeat(5000)}`,
    };
    fs.writeFileSync(status, JSON.stringify(said));
    fs.writeFileSync(path.join(runPaths(all[0].directory).samples, 'step-200.png'), '');
    fs.writeFileSync(path.join(runPaths(all[0].directory).samples, 'step-1000.png'), '');
    const { name, message, sampleImages } = await call('get_gan_run', {});
    expect(name).toBe('\\x1b[31m\\u202eevil');
    expect(message).toMatch(/^first\nx+ \[and 4006 characters more\]$/);
    expect(sampleImages).toEqual({ count: 2, latest: path.join(runPaths(all[0].directory).samples, 'step-1000.png') });
  });

  it('reports that there are no runs', async () => {
    await expect(call('get_gan_run', {})).rejects.toThrow(/no runs yet: start one with start_gan_run/);
  });

  it('waits no longer than requested, and stops when canceled', async () => {
    newRun('a', { name: 'first' }, [1]);
    const status = path.join(all[0].directory, 'status.json');
    fs.writeFileSync(status, fs.readFileSync(status, 'utf8').replace('"finished"', '"running"'));
    expect(await call('get_gan_run', { waitSeconds: 0.3 })).toMatchObject({ state: 'running' });
    await expect(call('get_gan_run', { waitSeconds: 600 }, { isCancellationRequested: true })).rejects.toThrow(
      editor.CancellationError,
    );
  });
});

it('compare_gan_runs lists the differing settings in the order of the runs', async () => {
  newRun('a', { name: 'x', critic: { width: 64 }, seed: 1 }, [2]);
  newRun('b', { name: 'x', critic: { width: 128 }, ema: 0.9, seed: 1 }, [1]);
  const answer = await call('compare_gan_runs', { runs: ['b', 'a'] });
  expect(answer.differingSettings).toEqual({ 'critic.width': ['128', '64'], ema: ['0.9', null] });
  expect(answer.runs.map(({ run }: { run: string }) => run)).toEqual(['b', 'a']);
  await expect(call('compare_gan_runs', { runs: ['a'] })).rejects.toThrow(
    '"runs" has 1 entries; it must have 2 to 16.',
  );
  await expect(call('compare_gan_runs', { runs: 'a' })).rejects.toThrow(/must be a list of strings/);
});

it('lint_gan_experiment checks a file or a text, also in Restricted Mode', async () => {
  editor.workspace.isTrusted = false;
  expect(await call('lint_gan_experiment', { experiment: 'ring.gan.json' })).toEqual({ valid: true, problems: [] });
  const { valid, problems } = await call('lint_gan_experiment', { text: ring.replace('steps', 'setps') });
  expect(valid).toBe(false);
  expect(problems[0]).toMatchObject({ line: 1, severity: 'error', message: expect.stringContaining('setps') });
  expect(problems[0].fixes.length).toBeGreaterThan(0);
});

it.each([
  [1, 20, [0]],
  [4, 2, [1, 3]],
  [5, 5, [0, 1, 2, 3, 4]],
  [1000, 4, [249, 499, 749, 999]],
])('of %i rows, spread selects %i at %j', (rows, count, at) => expect(spread(rows, count)).toEqual(at));
