// Every study, at a small part of its size: it ends with its figure, its tables and a verdict, and resumes.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { studies, type StudyId } from '../../src/catalog';
import { stopFile } from '../../src/protocol/reproductions';
import { cli, lines, scratch, start } from './cliProcess';

const ids = Object.keys(studies) as StudyId[];

describe('reproduce', () => {
  it.each(ids)('%s ends with its figure and finite numbers', async (id) => {
    const folder = path.join(scratch(), 'out');
    const ended = await cli(['reproduce', id, '--scale', '0.02', '--out', folder, '--json']);
    expect(ended.stderr.replaceAll(/^.*warning.*$/gm, '').trim()).toBe('');
    expect(ended.code).toBe(0);
    expect(lines(ended).at(-1)).toMatchObject({ event: 'study', id });
    const { width, height } = await sharp(path.join(folder, 'figure.png')).metadata();
    expect(Math.min(width, height)).toBeGreaterThan(300);
    expect(readFileSync(path.join(folder, 'figure.svg'), 'utf8')).toMatch(/^<svg/);
    const tables = readdirSync(path.join(folder, 'data'));
    expect(tables.length).toBeGreaterThan(0);
    for (const name of tables) expect(readFileSync(path.join(folder, 'data', name), 'utf8')).toMatch(/^.+\n.+\n/);
    const report = readFileSync(path.join(folder, 'report.md'), 'utf8');
    expect(report).toContain(studies[id].claim);
    // Too few steps to say anything of the claim.
    for (const text of [report, ended.stdout]) expect(text).not.toMatch(/The claim (holds|does not hold)/);
    expect(report).toContain('With 0.02 of the steps, this does not judge the claim.');
    expect(report).not.toContain('undefined');
  });

  it('parallel-lines at full size gives |θ| and log 2', { timeout: 400_000 }, async () => {
    const folder = path.join(scratch(), 'out');
    const ended = await cli(['reproduce', 'parallel-lines', '--out', folder, '--json']);
    expect(lines(ended).at(-1)).toMatchObject({ event: 'study', holds: true });
    const rows = readFileSync(path.join(folder, 'data', 'distances.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    expect(rows).toHaveLength(7);
    for (const row of rows) {
      const [theta, w, , js] = row.split(',').map(Number);
      expect(Math.abs(w - Math.abs(theta))).toBeLessThan(theta === 0 ? 0.05 : 0.05 * Math.abs(theta));
      expect(Math.abs(js - (theta === 0 ? 0 : Math.LN2))).toBeLessThan(0.02);
    }
    // What is trained is reused; what is missing is trained again.
    rmSync(path.join(folder, 'runs', 'W-at-1-seed-1'), { recursive: true });
    const again = await cli(['reproduce', 'parallel-lines', '--out', folder]);
    expect(again.stdout.match(/already trained/g)).toHaveLength(13);
  });

  it('stops for a file in its folder, at any moment, and continues when it is called again', async () => {
    const folder = path.join(scratch(), 'out');
    const running = start(['reproduce', 'parallel-lines', '--scale', '0.2', '--out', folder, '--json']);
    await running.saw(({ event, number }) => event === 'training' && number === 2);
    writeFileSync(path.join(folder, stopFile), '');
    expect((await running.ended).code).toBe(130);
    expect(readdirSync(folder)).not.toContain(stopFile);
    // A folder would be in the way of requests.
    mkdirSync(path.join(folder, stopFile));
    const blocked = await cli(['reproduce', 'parallel-lines', '--scale', '0.2', '--out', folder]);
    expect([blocked.code, blocked.stdout]).toEqual([2, '']);
    expect(blocked.stderr).toContain(`Cannot use ${path.join(folder, stopFile)}: it is a folder, not a file. Move it`);
    rmSync(path.join(folder, stopFile), { recursive: true });
    // A request that came too late.
    writeFileSync(path.join(folder, stopFile), '');
    const again = await cli(['reproduce', 'parallel-lines', '--scale', '0.2', '--out', folder]);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('already trained');
  });

  it('trains as many random architectures as asked for', async () => {
    const out = path.join(scratch(), 'out');
    const ended = await cli(['reproduce', 'robustness', '--count', '2', '--scale', '0.02', '--out', out]);
    expect(ended.stdout).toContain('4 trainings');
    expect(ended.stdout).toContain('Of 2 random architectures, W₁ < 0.8');
    const uncounted = await cli(['reproduce', 'noise', '--count', '2']);
    expect(uncounted.code).toBe(2);
    expect(uncounted.stderr).toContain(
      'noise has no number of cases: --count is for robustness, whose random architectures are 12 by default.',
    );
  });

  it('takes from an experiment file what a study does not vary', async () => {
    const folder = scratch();
    const file = path.join(folder, 'mine.gan.json');
    const critic = { network: 'mlp', depth: 1, width: 16 };
    writeFileSync(file, JSON.stringify({ data: { source: 'swiss-roll' }, generator: critic, critic, batchSize: 32 }));
    const out = path.join(folder, 'out');
    const ended = await cli(['reproduce', 'overfitting', file, '--scale', '0.02', '--out', out]);
    expect(ended.code).toBe(0);
    const settings = 'latent, generator, critic, constraint, optimizer, batchSize, steps';
    expect(ended.stdout).toContain(`With these settings of mine.gan.json: ${settings}.`);
    const run = path.join(out, 'runs', '200-samples-seed-1', 'experiment.json');
    const { experiment } = JSON.parse(readFileSync(run, 'utf8')) as { experiment: object };
    expect(experiment).toMatchObject({ data: { source: 'digits', samples: 400 }, critic, batchSize: 32 });
    const refused = await cli(['reproduce', 'parallel-lines', file]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('parallel-lines takes no file: it needs'),
    ]);
    writeFileSync(file, JSON.stringify({ data: { source: 'digits' } }));
    const unfit = await cli(['reproduce', 'momentum', file, '--scale', '0.02', '--out', path.join(folder, 'unfit')]);
    expect([unfit.code, unfit.stderr]).toEqual([2, expect.stringMatching(/does not fit the study momentum.*w1/s)]);
  });

  it('without an id lists the claims, and an unknown id is answered with the nearest', async () => {
    const listed = await cli(['reproduce']);
    for (const id of ids) expect(listed.stdout).toContain(id);
    const unknown = await cli(['reproduce', 'parallel-line']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("Did you mean 'parallel-lines'?");
  });
});
