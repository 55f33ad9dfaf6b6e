// A fork: bit for bit the parent's own continuation if nothing is changed, and what it refuses.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpoints, cli, cliFile, experiment, metrics, scratch, status } from './cliProcess';

let folder = '';
let parent = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'earthmover-parent-'));
  parent = path.join(folder, 'run');
  execFileSync(process.execPath, [cliFile, 'train', experiment(folder), '--out', parent, '--json']);
});
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

const manifest = (run: string) =>
  JSON.parse(readFileSync(path.join(run, 'experiment.json'), 'utf8')) as {
    experiment: { optimizer: { critic: { learningRate: number } }; steps: number };
    parent?: object;
  };
/** SHA-256 of each file of a checkpoint. */
const sums = (run: string, step: number) => {
  const file = path.join(run, 'checkpoints', `step-${step}`, 'manifest.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { files: Record<string, { sha256: string }> }).files;
};
/** The curve without the times. */
const curve = (run: string) => metrics(run).map(({ wallTime: _, ...row }) => row);
const forked = async (...options: string[]) => {
  const run = path.join(scratch(), 'fork');
  return { run, ...(await cli(['fork', parent, '--out', run, '--json', ...options])) };
};

describe('a fork', () => {
  it('is the continuation of its parent, bit for bit, if nothing is changed', async () => {
    const before = sums(parent, 30);
    const { run, code, stderr } = await forked('--checkpoint', '20');
    expect([stderr, code]).toEqual(['', 0]);
    expect(status(run)).toMatchObject({ state: 'finished', step: 30, attempt: 1 });
    expect(curve(run)).toEqual(curve(parent));
    const { 'experiment.json': own, ...files } = sums(run, 30);
    const { 'experiment.json': theirs, ...same } = before;
    expect(files).toEqual(same);
    expect(own).not.toEqual(theirs);
    expect(manifest(run).parent).toEqual({
      directory: parent,
      step: 20,
      sha256: sums(parent, 20)['state.safetensors'].sha256,
    });
    expect(readdirSync(path.join(run, 'samples')).sort()).toEqual(readdirSync(path.join(parent, 'samples')).sort());
    // The parent stays as it is.
    expect([sums(parent, 30), checkpoints(parent).length]).toEqual([before, 3]);
    expect(manifest(parent).parent).toBeUndefined();
  });

  it('trains with changed settings from the checkpoint on, and can be resumed', async () => {
    const changes = ['--set', 'optimizer.learningRate=0.002', '--set', 'constraint.lambda=1', '--steps', '24'];
    const { run, code } = await forked('--checkpoint', '20', ...changes);
    expect(code).toBe(0);
    expect(manifest(run).experiment.optimizer.critic.learningRate).toBe(0.002);
    const [mine, theirs] = [curve(run), curve(parent)];
    expect(mine.slice(0, 20)).toEqual(theirs.slice(0, 20));
    expect(mine.map(({ step }) => step)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(mine[23].estimate).not.toBe(theirs[23].estimate);
    expect((await cli(['resume', run, '--steps', '26', '--json'])).code).toBe(0);
    expect(manifest(run).parent).toMatchObject({ step: 20 });
    expect(metrics(run)).toHaveLength(26);
  });

  it('begins at the newest checkpoint, with a curve of its own if other columns are recorded', async () => {
    const { run, code } = await forked('--steps', '33', '--set', 'metrics=["modes"]');
    expect(code).toBe(0);
    expect(metrics(run).map(({ step }) => step)).toEqual([31, 32, 33]);
    expect(Object.keys(metrics(run)[0])).not.toContain('w1');
  });

  it.each([
    ['critic.width=32', 'A fork cannot change "critic.width": the checkpoint has the weights of the networks'],
    ['latent.size=3', 'A fork cannot change "latent.size"'],
    ['optimizer.kind=rmsprop', 'A fork cannot change "optimizer.kind"'],
    ['data.source=swiss-roll', 'A fork cannot change "data.source"'],
    ['stabilization.ema=0.99', 'A fork cannot change "stabilization.ema"'],
    ['constraint={"kind":"spectral-norm"}', 'A fork cannot change "constraint": spectral normalization'],
  ])('refuses %s, and names the key', async (set, message) => {
    const { run, code, stderr } = await forked('--set', set, '--steps', '40');
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(run)).toBe(false);
  });

  it.each([
    [['--checkpoint', '15'], 'has no checkpoint of step 15. It has those of step 10, 20 and 30.'],
    [[], 'The checkpoint is at step 30, and the fork would end at step 30.'],
    [['--checkpoint', 'best', '--steps', '40'], 'keeps no best checkpoint'],
    [['--set', 'batchsize=32'], 'batchsize is not a setting'],
    [['--checkpoint', 'last'], '--checkpoint must be a whole number'],
  ])('says why it cannot begin: %j', async (options, message) => {
    const { run, code, stderr } = await forked(...options);
    expect([stderr, code]).toEqual([expect.stringContaining(message), 2]);
    expect(existsSync(run)).toBe(false);
  });

  it('never overwrites a folder with other files', async () => {
    const { code, stderr } = await cli(['fork', parent, '--out', folder, '--steps', '40', '--json']);
    expect([code, existsSync(parent)]).toEqual([2, true]);
    expect(stderr).toMatch(/is not empty/);
  });
});
