// The page before its script and its data are loaded.
import { describe, expect, test } from 'vitest';
import { noBrowser, setUpPageTests } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a page' : `a page (${noBrowser})`, () => {
  const { replayRun, open, followRun } = setUpPageTests();

  test('shows a progress bar before its script is loaded, until the first message', async () => {
    const opened = await open();
    const { page } = opened;
    let load = () => {};
    const held = new Promise<void>((resolve) => (load = resolve));
    await page.route('**/main.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload({ waitUntil: 'commit' });
    const bar = page.locator('.loading');
    await bar.waitFor();
    const { width, height } = page.viewportSize()!;
    expect(await bar.boundingBox()).toEqual({ x: 0, y: 0, width, height: 2 });
    const rows = () => page.locator('html').evaluate((e: { scrollHeight: number }) => e.scrollHeight);
    expect(await rows()).toBeLessThanOrEqual(height);
    load();
    await page.getByRole('progressbar', { name: 'Loading' }).waitFor();
    expect(await bar.boundingBox()).toEqual({ x: 0, y: 0, width, height: 2 });
    await followRun(opened, replayRun('finished'));
    await bar.waitFor({ state: 'detached' });
  });

  test('of a comparison shows one until it has read a run', async () => {
    const { page, send } = await open();
    await send({ type: 'comparison', runs: ['/a', '/b'].map((id) => ({ id, name: id })) });
    const bar = page.getByRole('progressbar', { name: 'Reading the runs.' });
    await bar.waitFor();
    expect(await page.locator('.charts').isVisible()).toBe(false);
    for (const id of ['/a', '/b']) await send({ type: 'of', id, message: { type: 'problem', message: `no ${id}` } });
    await bar.waitFor({ state: 'hidden' });
  });
});
