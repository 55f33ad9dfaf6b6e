// Reading the state of reproductions from a folder that may hold anything.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { studies } from '../../catalog';
import type { StudyProgress } from '../../protocol/reproductions';
import { checkToPage } from '../../protocol/monitorChecks';
import { thisProcess } from '../../run/process';
import { createReproductionReader, trainingFolder } from './readReproductions';

const study = 'parallel-lines';
const progress: StudyProgress = {
  version: 1,
  ...thisProcess(),
  state: 'training',
  message: null,
  done: 1,
  trainings: [1, 2].map((seed) => ({ name: 'W at 0', seed, run: `W-at-0-seed-${seed}` })),
};
const result = { holds: true, verdict: 'W is |θ|.' };

function workspace(files: Readonly<Record<string, unknown>> = {}) {
  const root = mkdtempSync(path.join(tmpdir(), 'earthmover-studies-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = path.join(root, '.earthmover', 'reproductions', study);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown) =>
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  Object.entries(files).forEach(([name, content]) => write(name, content));
  const reader = createReproductionReader(root, (file, version) => `uri:${path.basename(file)}?${version}`);
  const read = async (starting = false, lost: string | null = null) => {
    const all = await reader(
      (each) => starting && each === study,
      (each) => (each === study ? lost : null),
    );
    // What is sent is accepted at the other end.
    expect(checkToPage({ type: 'reproductions', root, reproductions: all })).toHaveProperty('value');
    return all.find((each) => each.study === study)!;
  };
  return { root, folder, write, read, all: () => reader(() => false) };
}

describe('the reproductions of a folder', () => {
  it('are all studies of the catalog, not run at first', async () => {
    const { all } = workspace();
    expect((await all()).map((each) => [each.study, each.state])).toEqual(
      Object.keys(studies).map((id) => [id, 'new']),
    );
  });

  it('show how far a process is, and that it is starting before it writes', async () => {
    const { read, write } = workspace();
    expect(await read(true)).toMatchObject({ state: 'starting', trainings: [] });
    write('progress.json', progress);
    expect(await read()).toMatchObject({ state: 'training', done: 1, trainings: progress.trainings, result: null });
    write('progress.json', { ...progress, pid: 2 ** 22 + 1, processStart: 'x' });
    expect(await read()).toMatchObject({ state: 'crashed' });
    write('progress.json', { ...progress, state: 'failed', message: 'The disk is full.' });
    expect(await read()).toMatchObject({ state: 'failed', message: 'The disk is full.' });
    expect(await read(true)).toMatchObject({ state: 'starting', message: null });
  });

  it('show why a process failed that could not write it, until it is started again', async () => {
    const { read, write } = workspace();
    expect(await read(false, 'Cannot find Node.')).toMatchObject({ state: 'failed', message: 'Cannot find Node.' });
    expect(await read(true, 'Cannot find Node.')).toMatchObject({ state: 'starting', message: null });
    write('progress.json', { ...progress, pid: 2 ** 22 + 1, processStart: 'x' });
    expect(await read(false, 'Out of memory.')).toMatchObject({ state: 'failed', message: 'Out of memory.' });
    write('progress.json', { ...progress, state: 'failed', message: 'The disk is full.' });
    expect(await read(false, 'exit code 1')).toMatchObject({ state: 'failed', message: 'The disk is full.' });
    write('progress.json', { ...progress, state: 'interrupted' });
    expect(await read(false, 'exit code 1')).toMatchObject({ state: 'interrupted', message: null });
  });

  it('show the verdict and the figure, whose URI changes with it', async () => {
    const { read, write } = workspace({ 'progress.json': { ...progress, state: 'finished', done: 2 } });
    expect(await read()).toMatchObject({ state: 'finished', result: null });
    write('result.json', result);
    expect(await read()).toMatchObject({ state: 'finished', result: { ...result, figure: null } });
    write('figure.svg', '<svg/>');
    const first = (await read()).result?.figure;
    expect(first).toContain('uri:figure.svg?');
    write('figure.svg', '<svg></svg>');
    expect((await read()).result?.figure).not.toBe(first);
  });

  it('are finished with a result only, as from a version without progress', async () => {
    const { read } = workspace({ 'result.json': result });
    expect(await read()).toMatchObject({ state: 'finished', result: { holds: true } });
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['progress that is no JSON', { 'progress.json': '{' }],
    ['progress of another kind', { 'progress.json': { version: 2 } }],
    [
      'a run outside of its folder',
      { 'progress.json': { ...progress, trainings: [{ name: 'x', seed: 1, run: '../..' }] } },
    ],
    ['a run with a path', { 'progress.json': { ...progress, trainings: [{ name: 'x', seed: 1, run: 'a/b' }] } }],
    ['a result without a verdict', { 'result.json': { holds: 'yes' } }],
    ['a result that is a list', { 'result.json': [] }],
  ])('say what is damaged: %s', async (_, files) => {
    const { read, folder } = workspace(files);
    const { state, message, result } = await read();
    expect([state, result]).toEqual(['failed', null]);
    expect(message).toContain(`${path.join(folder, Object.keys(files)[0])} is damaged`);
  });

  it('follow no link', async () => {
    const { root, folder, write, read } = workspace();
    write('secret.svg', '<svg/>');
    write('result.json', result);
    symlinkSync(path.join(folder, 'secret.svg'), path.join(folder, 'figure.svg'));
    expect((await read()).result?.figure).toBeNull();
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'earthmover-elsewhere-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    symlinkSync(elsewhere, path.join(folder, 'runs'));
    await expect(trainingFolder(root, study, 'a')).rejects.toThrow('it is a link');
    rmSync(folder, { recursive: true });
    symlinkSync(elsewhere, folder);
    expect(await read()).toMatchObject({ state: 'failed', message: expect.stringContaining('it is a link') });
  });
});
