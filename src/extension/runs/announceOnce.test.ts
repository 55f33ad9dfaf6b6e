// Of several windows, one announces what happened to a run: the one that the user looks at, if there is one.
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAnnounceOnce } from './announceOnce';

describe('an event in several windows', () => {
  let folder = '';
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'em-announce-')), 'announced');
  });

  it('is announced by the focused window', async () => {
    const windows = [false, true, false].map((focused) => createAnnounceOnce(folder, () => focused, 500));
    expect(await Promise.all(windows.map((announce) => announce('run\nfailed')))).toEqual([false, true, false]);
  });

  it('is announced once by windows without the focus, and again if it happens to another attempt', async () => {
    const windows = Array.from({ length: 8 }, () => createAnnounceOnce(folder, () => false, 1));
    for (const key of ['run\n1\nfailed', 'run\n2\nfailed']) {
      const announced = await Promise.all(windows.map((announce) => announce(key)));
      expect(announced.filter(Boolean)).toHaveLength(1);
    }
  });

  it('is announced by all windows if nothing can be written', async () => {
    writeFileSync(folder, 'a file');
    expect(await createAnnounceOnce(folder, () => true)('run')).toBe(true);
  });

  it('is forgotten after a day', async () => {
    const announce = createAnnounceOnce(folder, () => true);
    await announce('old');
    const [file] = readdirSync(folder);
    utimesSync(path.join(folder, file), 0, 0);
    await announce('new');
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
