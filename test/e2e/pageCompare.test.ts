// The monitor's comparison in a plain browser, over recorded runs: curves over each other, bands over seeds, a table, and what a reload keeps.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { measured } from '../../webview/format';
import { curveOf, has, noBrowser, pageBench } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a comparison' : `a comparison (${noBrowser})`, () => {
  const { open, lay, compare, grow } = pageBench();

  /** Two seeds of one experiment, of which one still runs, and a run with another constraint. */
  async function compared(memory?: unknown, directories = [lay('seed-1'), lay('seed-2'), lay('clipped')] as const) {
    const opened = await open('dark', memory);
    compare(opened, directories);
    await has(opened.page, 60);
    await opened.page.getByRole('columnheader').nth(1).waitFor();
    return { ...opened, directories, cells: cellsOf(opened) };
  }
  const cellsOf =
    ({ page }: OpenedPage) =>
    (head: string) =>
      page
        .getByRole('row', { name: new RegExp(`^${head} `) })
        .getByRole('cell')
        .allTextContents();
  const last = async (directory: string, column: string) =>
    (await curveOf(directory)).columns[column].findLast((value) => !Number.isNaN(value))!;

  test('puts seeds together, and lays last values and what differs side by side', async () => {
    const { page, cells, directories } = await compared();
    await page.getByText('All runs have ended').waitFor();
    const heads = await page.getByRole('columnheader').allTextContents();
    expect(heads.map((head) => head.trim())).toEqual(['gradient-penaltyseed 1seed 2', 'clip']);
    expect(await cells('State')).toEqual(['Finished', 'Finished']);
    expect(await cells('constraint.0.kind')).toEqual(['gradient-penalty', 'clip']);
    expect(await page.getByRole('row', { name: /^data\.source/ }).count()).toBe(0);
    const [a, b, c] = await Promise.all(directories.map((directory) => last(directory, 'w1')));
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    expect(await cells('W₁(?! floor)')).toEqual([
      `${measured((a + b) / 2)} (${measured(low)} to ${measured(high)})`,
      measured(c),
    ]);

    await page.getByRole('button', { name: 'All', exact: true }).click();
    expect(await cells('data.source')).toEqual(['gaussians-ring', 'gaussians-ring']);
  });

  test('goes on with runs that still train', async () => {
    const running = lay('running');
    const { count } = await curveOf(running);
    const opened = await open();
    const { page } = opened;
    compare(opened, [running, lay('clipped')]);
    await page.getByText('1 still training').waitFor();
    await has(page, count);
    expect(await cellsOf(opened)('State')).toEqual(['Running', 'Finished']);
    await grow(running, 20);
    await has(page, count + 20);
    lay('paused', 'here', running);
    await page.getByRole('cell', { name: 'Paused' }).waitFor();
    lay('finished', 'here', running);
    await page.getByText('All runs have ended').waitFor();
    await has(page, 300);
  });

  test('is looked at by keyboard, and comes back after a reload as it was left', async () => {
    const first = await compared();
    const { directories } = first;
    const chart = first.page.getByRole('slider', { name: 'K·W by step' });
    await chart.focus();
    await first.page.keyboard.press('Home');
    await first.page.getByText('step 1', { exact: true }).waitFor();
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^step 1: gradient-penalty \d\S+, clip \d\S+$/);
    for (const key of ['+', 'Escape']) await first.page.keyboard.press(key);
    await first.page.getByRole('button', { name: 'Show all' }).waitFor();
    await first.page.getByRole('combobox', { name: 'Runs with several seeds' }).selectOption('runs');
    await first.page.locator('.entry', { hasText: 'seed 2' }).first().click();
    await first.page.getByRole('combobox', { name: 'Curve' }).selectOption('w1');
    await first.page.getByRole('slider', { name: 'W₁ by step' }).waitFor();
    const memory = await first.remembered();
    expect(memory).toMatchObject({ runs: directories, band: 'runs', column: 'w1', hidden: [directories[1]] });

    const second = await compared(memory, directories);
    await second.page.getByRole('slider', { name: 'W₁ by step' }).waitFor();
    await second.page.getByRole('button', { name: 'Show all' }).waitFor();
    expect(await second.page.locator('.entry', { hasText: 'seed 2' }).first().getAttribute('aria-pressed')).toBe(
      'false',
    );
  });

  test('opens the monitor of a run, saves all curves, and says which run cannot be read', async () => {
    const directories = [lay('seed-1'), lay('seed-2'), lay('clipped')];
    rmSync(path.join(directories[2], 'experiment.json'));
    const opened = await open();
    const { page, posted } = opened;
    compare(opened, directories);
    await page.locator('.facts', { hasText: 'Reading' }).waitFor({ state: 'detached' });
    await has(page, 60);
    await page.getByRole('alert').getByText(`${directories[2]} is not a run directory`).waitFor();
    await page.getByRole('button', { name: 'seed 2', exact: true }).click();
    await page.getByRole('button', { name: 'Save curves as CSV' }).click();
    expect((await posted()).slice(1)).toEqual([{ type: 'openRun', id: directories[1] }, { type: 'saveCsv' }]);
    expect(await page.getByRole('columnheader').count()).toBe(1);
  });
});
