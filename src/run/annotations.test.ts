// annotations.json: what is kept, cut off and never overwritten.
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { annotate, noAnnotations, readAnnotations } from './annotations';
import { runPaths } from './directory';

const run = scratch('run');
const start = () => fs.mkdirSync(run());

describe('the annotations of a run', () => {
  it('are none without a file', async () => {
    start();
    expect(await readAnnotations(run())).toEqual(noAnnotations);
  });

  it('change one by one, and are replaced atomically', async () => {
    start();
    await annotate(run(), { name: '  best  so far ' });
    await annotate(run(), { tags: ['paper', ' two  words ', 'paper', ''] });
    await annotate(run(), { notes: 'first\nsecond\n' });
    expect(await readAnnotations(run())).toEqual({
      name: 'best so far',
      tags: ['paper', 'two words'],
      notes: 'first\nsecond',
    });
    expect(fs.readdirSync(run())).toEqual(['annotations.json']);
    await annotate(run(), { name: '' });
    expect(await readAnnotations(run())).toMatchObject({ name: '', tags: ['paper', 'two words'] });
  });

  it('are cut off at their limits', async () => {
    start();
    const { name, tags, notes } = await annotate(run(), {
      name: 'n'.repeat(500),
      tags: Array.from({ length: 99 }, (_, i) => `${i}${'t'.repeat(99)}`),
      notes: 'x'.repeat(20_000),
    });
    expect([name.length, tags.length, tags[0].length, notes.length]).toEqual([200, 50, 50, 10_000]);
  });

  it('ignore fields of another type', async () => {
    start();
    fs.writeFileSync(runPaths(run()).annotations, JSON.stringify({ name: 5, tags: ['a', 3, null], notes: ['x'] }));
    expect(await readAnnotations(run())).toEqual({ name: '', tags: ['a'], notes: '' });
  });

  it('do not hide the run if they are damaged, and are not overwritten then', async () => {
    start();
    fs.writeFileSync(runPaths(run()).annotations, '{"name": "va');
    expect(await readAnnotations(run())).toEqual(noAnnotations);
    await expect(annotate(run(), { name: 'b' })).rejects.toThrow(/is damaged.*delete it to start/s);
    expect(fs.readFileSync(runPaths(run()).annotations, 'utf8')).toBe('{"name": "va');
  });

  it.runIf(process.platform !== 'win32')('are never read or written through a link', async () => {
    start();
    const outside = `${run()}-outside.json`;
    fs.writeFileSync(outside, JSON.stringify({ name: 'outside' }));
    fs.symlinkSync(outside, runPaths(run()).annotations);
    expect(await readAnnotations(run())).toEqual(noAnnotations);
    await expect(annotate(run(), { name: 'b' })).rejects.toThrow(/it is a link/);
    expect(fs.readFileSync(outside, 'utf8')).toContain('outside');
  });
});
