// The run page while the files of its run are replaced: by another attempt, or deleted.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunStatus } from '../../src/protocol/status';
import { annotate } from '../../src/run/annotations';
import { waitForRows, noBrowser, setUpPageTests } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a run that changes' : `a run that changes (${noBrowser})`, () => {
  const { replayRun, open, followRun, compare } = setUpPageTests();

  test('stays as it is when a run is resumed, with the image until the next one is decoded', async () => {
    const opened = await open();
    const { page } = opened;
    const directory = replayRun('stopped');
    const { count } = await followRun(opened, directory);
    const image = page.locator('.samples .sample-image img');
    await image.waitFor();
    const height = (await image.boundingBox())!.height;
    await page.getByText('Settings', { exact: true }).click();
    await page.setViewportSize({ width: 400, height: 600 });
    const settings = page.locator('details.settings');
    await settings.getByText('optimizer.critic.beta1').scrollIntoViewIfNeeded();
    const place = async () => (await settings.boundingBox())!.y;
    const before = await place();
    // Every change of the page is looked at, however short it lasts.
    const heights = await page.evaluateHandle(() => {
      const { document, MutationObserver } = globalThis as unknown as {
        document: {
          body: object;
          querySelector: (path: string) => { getBoundingClientRect: () => { height: number } } | null;
        };
        MutationObserver: new (changed: () => void) => { observe: (target: object, options: object) => void };
      };
      const seen: number[] = [];
      const look = () => {
        const shownImage = document.querySelector('.samples .sample-image img');
        seen.push(shownImage?.getBoundingClientRect().height ?? 0);
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      return seen;
    });
    // A resume writes the rows up to its checkpoint to a new file, and its images have new addresses.
    const metrics = path.join(directory, 'metrics.bin');
    const bytes = readFileSync(metrics);
    const { offset } = JSON.parse(bytes.toString('utf8').split('\n', 1)[0]) as { offset: number };
    writeFileSync(`${metrics}.new`, bytes.subarray(0, offset + ((bytes.length - offset) / count) * 100));
    renameSync(`${metrics}.new`, metrics);
    const file = path.join(directory, 'status.json');
    const status = JSON.parse(readFileSync(file, 'utf8')) as RunStatus;
    const startedAt = status.startedAt + 60;
    writeFileSync(file, JSON.stringify({ ...status, state: 'running', attempt: 2, startedAt }));
    await waitForRows(page, 100);
    await page.locator(`.samples .sample-image img[src$="?${startedAt}"]`).waitFor();
    expect(height).toBeGreaterThan(100);
    expect(Math.min(...(await heights.jsonValue()))).toBeGreaterThan(100);
    expect(await settings.getAttribute('open')).not.toBeNull();
    expect(Math.abs((await place()) - before)).toBeLessThan(2);
  });

  test('has the name that the user gives it, and offers a comparison when there is an earlier run', async () => {
    const opened = await open();
    const { page } = opened;
    const directory = replayRun('stopped');
    await followRun(opened, directory);
    const heading = page.getByRole('heading', { level: 1 });
    await expect.poll(() => heading.textContent()).toBe('ring');
    await annotate(directory, { name: 'slow critic' });
    await expect.poll(() => heading.textContent()).toBe('slow critic');
    expect(await heading.getAttribute('title')).toMatch(/^slow critic\nring\n/);

    const compare = page.getByRole('button', { name: 'Compare', exact: true });
    expect(await compare.count()).toBe(0);
    const status = JSON.parse(readFileSync(path.join(directory, 'status.json'), 'utf8')) as RunStatus;
    await opened.send({ type: 'status', status, liveness: 'ended', hasPrevious: true });
    await compare.waitFor();
  });

  test('is said to be deleted, by its monitor and by a comparison, which shows the others', async () => {
    const opened = await open();
    const { page } = opened;
    const [a, b] = [replayRun('seed-1'), replayRun('clipped')];
    await followRun(opened, a);
    const compared = await open();
    compare(compared, [a, b]);
    await compared.page.getByText('Comparison of 2 runs').waitFor();
    await compared.page.getByText('All runs have ended').waitFor();
    await compared.page.getByRole('columnheader').nth(1).waitFor();
    rmSync(a, { recursive: true });
    const text = `The run ${path.basename(a)} was deleted or moved.`;
    for (const each of [page, compared.page]) {
      await each.getByRole('status').getByText(text).waitFor();
      expect(await each.getByRole('alert').filter({ visible: true }).count()).toBe(0);
    }
    expect(await page.locator('.page.run').count()).toBe(0);
    await compared.page.getByRole('columnheader').nth(1).waitFor({ state: 'detached' });
    expect(await compared.page.getByRole('columnheader').count()).toBe(1);
    expect(await compared.page.getByRole('heading', { level: 1 }).textContent()).not.toContain('2 runs');
    rmSync(b, { recursive: true });
    await compared.page.getByText(`The run ${path.basename(b)} was deleted or moved.`).waitFor();
    expect(await compared.page.locator('.chart').filter({ visible: true }).count()).toBe(0);
  });
});
