// A disk that does not answer leaves the extension host free, and the user with an answer.
import type * as promises from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeFolderAsync } from '../../files/folder';
import { defaultRunDirectoryAsync } from '../../run/directory';
import { inTime } from './inTime';

vi.mock('vscode', () => import('../../../test/support/vscode'));
const disk = vi.hoisted(() => ({ mkdir: undefined as undefined | (() => Promise<void>) }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>();
  return { ...real, mkdir: (...given: Parameters<typeof real.mkdir>) => disk.mkdir?.() ?? real.mkdir(...given) };
});

describe('the folder of a new run', () => {
  afterEach(() => (disk.mkdir = undefined));

  it('on a disk that does not answer is reported, and nothing waits for it', async () => {
    disk.mkdir = () => new Promise(() => {});
    const directory = defaultRunDirectoryAsync('/w', 'ring', { folder: '/net/runs' });
    await expect(inTime(directory, '/net/runs', 50)).rejects.toThrow(
      /^The folder \/net\/runs has not answered .*set "earthmover.runsFolder" to another folder\.$/,
    );
  });

  it('where folders never come to exist, as in /proc, is an error', async () => {
    let calls = 0;
    disk.mkdir = () => {
      calls++;
      return Promise.reject(Object.assign(new Error('no such folder'), { code: 'ENOENT' }));
    };
    await expect(makeFolderAsync('/proc/runs/a/b')).rejects.toThrow();
    expect(calls).toBeLessThan(20);
  });
});
