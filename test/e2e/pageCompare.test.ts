// The comparison page in a plain browser, with recorded runs: curves, bands over seeds, the table, and saved view
// state.
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import type { ToPage } from '../../src/protocol/monitor';
import { formatMeasurement } from '../../webview/format';
import { readCurve, waitForRows, noBrowser, setUpPageTests } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a comparison' : `a comparison (${noBrowser})`, () => {
  const { open, replayRun, compare, appendRows } = setUpPageTests();

  /** Opens a comparison of two seeds of one experiment and a run with another constraint. */
  async function compared(
    viewState?: unknown,
    directories = [replayRun('seed-1'), replayRun('seed-2'), replayRun('clipped')] as const,
  ) {
    const opened = await open('dark', viewState);
    compare(opened, directories);
    await waitForRows(opened.page, 60);
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
    (await readCurve(directory)).columns[column].findLast((value) => !Number.isNaN(value))!;

  test('groups seeds, and shows last values and differing settings side by side', async () => {
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
      `${formatMeasurement((a + b) / 2)} (${formatMeasurement(low)} to ${formatMeasurement(high)})`,
      formatMeasurement(c),
    ]);

    // The critics differ, so W₁ leads; the modes are shown although both runs found all.
    await page.getByText('K·W of different critics cannot be compared; W₁ can.').waitFor();
    const rows = await page.locator('.compare tbody:nth-of-type(2) th[scope="row"]').allTextContents();
    expect(rows.filter((row) => /^(W₁(?! floor)|Modes|K·W$)/.test(row))).toEqual([
      expect.stringMatching(/^W₁/),
      expect.stringMatching(/^Modes/),
      'K·W',
    ]);

    await page.getByRole('button', { name: 'All', exact: true }).click();
    expect(await cells('data.source')).toEqual(['gaussians-ring', 'gaussians-ring']);
  });

  test('keeps the names of the runs in sight when the table is scrolled', async () => {
    const { page } = await compared();
    await page.setViewportSize({ width: 460, height: 500 });
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByRole('row', { name: /^data\.source/ }).scrollIntoViewIfNeeded();
    const table = (await page.locator('.compare .table').boundingBox())!;
    const head = (await page.getByRole('columnheader').nth(0).boundingBox())!;
    expect(Math.abs(head.y - table.y)).toBeLessThan(3);
    expect(table.height).toBeLessThanOrEqual(400);
  });

  test('shows a problem with a run that it has read, until it is solved', async () => {
    const { page, directories } = await compared();
    const log = path.join(directories[0], 'log.txt');
    rmSync(log, { force: true });
    symlinkSync(directories[0], log);
    const problem = page.getByRole('alert').filter({ hasText: 'it is a link' });
    await problem.waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
    expect(await page.getByText('All runs have ended').isVisible()).toBe(true);
    rmSync(log);
    await problem.waitFor({ state: 'hidden' });
  });

  test('shows the samples of all runs side by side at the step of one slider', async () => {
    const opened = await compared();
    const { page, savedState, postedMessages, directories } = opened;
    const images = (text: RegExp) => page.getByRole('img', { name: text });
    await images(/^Samples of .* at step 60$/)
      .nth(2)
      .waitFor();
    const tiles = page.locator('.sample-grid figure');
    const tops = () =>
      tiles.evaluateAll((all: { offsetTop: number }[]) => [
        all.length,
        new Set(all.map((tile) => tile.offsetTop)).size,
      ]);
    await expect.poll(tops).toEqual([3, 1]);
    expect(await page.locator('.sample-grid .name').allTextContents()).toEqual([
      'gradient-penalty, seed 1',
      'gradient-penalty, seed 2',
      'clip, seed 1',
    ]);
    expect(await savedState()).toMatchObject({ sampleStep: null });
    await images(/clip/).click();
    await expect.poll(postedMessages).toContainEqual({ type: 'openRun', id: directories[2] });
  });

  test('describes the samples of a run by its label, also after that has changed', async () => {
    const opened = await open();
    const { page, send } = opened;
    const [first, second] = [replayRun('seed-1'), replayRun('clipped')];
    // With one run, the label is the experiment's name; with both, what differs.
    const held: ToPage[] = [];
    const isHeld = (message: ToPage) => message.type === 'of' && message.id === second;
    const slow = async (message: ToPage) => (isHeld(message) ? void held.push(message) : send(message));
    compare({ ...opened, send: slow }, [first, second]);
    const alone = page.getByRole('img', { name: /^Samples of ring.* at step 60$/ });
    await alone.waitFor();
    await expect
      .poll(() => held.some((message) => message.type === 'of' && message.message.type === 'state'))
      .toBe(true);
    for (const message of held) await send(message);
    await page.getByRole('img', { name: 'Samples of clip at step 60' }).waitFor();
    await page.getByRole('img', { name: 'Samples of gradient-penalty at step 60' }).waitFor();
    expect(await alone.count()).toBe(0);
  });

  test('follows the slider to a step that some runs do not have', async () => {
    const opened = await open();
    const { page, savedState } = opened;
    compare(opened, [replayRun('finished'), replayRun('clipped')]);
    const slider = page.getByRole('slider', { name: 'Sample step of all runs' });
    await page.getByRole('img', { name: 'at step 300' }).waitFor();
    await page.getByRole('img', { name: 'at step 60' }).waitFor();
    await slider.focus();
    for (const key of ['ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    await page.getByRole('img', { name: 'at step 180' }).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 180');
    expect(await savedState()).toMatchObject({ sampleStep: 180 });
    // The other run has ended, which its caption says.
    expect(await page.locator('.sample-grid figcaption .muted').allTextContents()).toEqual(['', 'step 60']);
    await slider.press('Home');
    await page.getByRole('img', { name: 'at step 60' }).nth(1).waitFor();
  });

  test('shows only values that differ, over the whole width', async () => {
    const { page } = await compared();
    const width = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((e: { clientWidth: number }) => e.clientWidth);
    expect(await width('.compare table')).toBe(await width('.compare .table'));
    const rows = () => page.locator('.compare tbody:nth-of-type(2) tr').count();
    const differing = await rows();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    expect(await rows()).toBeGreaterThanOrEqual(differing);
    expect(await page.getByRole('region', { name: 'W₁ floor' }).count()).toBe(0);
  });

  test('says in each small chart which line is which run where they are below each other', async () => {
    const { page } = await compared();
    const legend = page.getByRole('toolbar', { name: 'Lines in Modes' });
    for (const [width, isShown] of [
      [1320, false],
      [460, true],
      [312, true],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(() => legend.isVisible()).toBe(isShown);
    }
    expect(await legend.getByRole('button').allTextContents()).toEqual([
      expect.stringMatching(/^gradient-penalty/),
      expect.stringMatching(/^clip/),
    ]);
  });

  test('opens on W₁ if the critics differ, else on the estimate, and fills the rows of small charts', async () => {
    const { page, directories } = await compared();
    await page.getByRole('slider', { name: 'W₁ by step' }).first().waitFor();
    expect(await page.locator('.chart.main h2').textContent()).toMatch(/^W₁/);
    expect(await page.getByRole('combobox', { name: 'Curve' }).inputValue()).toBe('w1');
    const rowLengths = async () => {
      const tops = await page
        .locator('.small .chart')
        .evaluateAll((all: { offsetTop: number }[]) => all.map(({ offsetTop }) => offsetTop));
      return [...new Set(tops)].map((top) => tops.filter((other) => other === top).length);
    };
    // Nine charts.
    for (const [width, lengths] of [
      [1320, [5, 4]],
      [800, [3, 3, 3]],
      [312, Array.from({ length: 9 }, () => 1)],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(rowLengths, { timeout: 10_000 }).toEqual(lengths);
    }

    const seeds = await open();
    compare(seeds, directories.slice(0, 2));
    await seeds.page.getByRole('slider', { name: 'K·W by step' }).waitFor();
    expect(await seeds.page.locator('.chart.main h2').textContent()).toMatch(/^K·W/);
  });

  test('divides the estimate of a clipped critic by a factor, but not under a gradient penalty', async () => {
    const { page, cells } = await compared();
    const [penalty, before] = await cells('K·W(?! of)');
    await page.getByRole('combobox', { name: 'Curve' }).selectOption('estimate');
    const field = page.getByRole('spinbutton', { name: 'Divide the estimate of clip by' });
    expect(await page.getByRole('spinbutton').count()).toBe(1);
    await field.fill('4');
    await field.press('Enter');
    await page.getByText('clip ÷ 4').first().waitFor();
    const [still, after] = await cells('K·W(?! of)');
    expect([still, before === after]).toEqual([penalty, false]);
    expect(Number(after.replace('−', '-'))).toBeCloseTo(Number(before.replace('−', '-')) / 4, 3);
    await field.fill('-1');
    await field.press('Enter');
    expect(await field.inputValue()).toBe('4');
  });

  test('updates runs that are still training', async () => {
    const running = replayRun('running');
    const { count } = await readCurve(running);
    const opened = await open();
    const { page } = opened;
    compare(opened, [running, replayRun('clipped')]);
    await page.getByText('1 still training').waitFor();
    await waitForRows(page, count);
    expect(await cellsOf(opened)('State')).toEqual(['Running', 'Finished']);
    await appendRows(running, 20);
    await waitForRows(page, count + 20);
    replayRun('paused', 'alive', running);
    await page.getByText('1 paused', { exact: true }).waitFor();
    await page.getByRole('cell', { name: 'Paused' }).waitFor();
    replayRun('finished', 'alive', running);
    await page.getByText('All runs have ended').waitFor();
    await waitForRows(page, 300);
  });

  test('works by keyboard, and restores the view after a reload', async () => {
    const first = await compared();
    const { directories } = first;
    await first.page.getByRole('combobox', { name: 'Curve' }).selectOption('estimate');
    const chart = first.page.getByRole('slider', { name: 'K·W by step' });
    await chart.focus();
    await first.page.keyboard.press('Home');
    await first.page.getByText('step 1', { exact: true }).waitFor();
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^step 1: gradient-penalty \d\S+, clip \d\S+$/);
    for (const key of ['+', 'Escape']) await first.page.keyboard.press(key);
    await first.page.getByRole('button', { name: 'Show all' }).waitFor();
    await first.page.getByRole('combobox', { name: 'Runs with multiple seeds' }).selectOption('runs');
    await first.page.locator('.entry', { hasText: 'seed 2' }).first().click();
    await first.page.getByRole('combobox', { name: 'Curve' }).selectOption('w1');
    await first.page.getByRole('slider', { name: 'W₁ by step' }).waitFor();
    const viewState = await first.savedState();
    expect(viewState).toMatchObject({ runs: directories, band: 'runs', column: 'w1', hidden: [directories[1]] });

    const second = await compared(viewState, directories);
    await second.page.getByRole('slider', { name: 'W₁ by step' }).waitFor();
    await second.page.getByRole('button', { name: 'Show all' }).waitFor();
    expect(await second.page.locator('.entry', { hasText: 'seed 2' }).first().getAttribute('aria-pressed')).toBe(
      'false',
    );
  });

  test('opens the monitor of a run, saves all curves, and shows which run cannot be read', async () => {
    const directories = [replayRun('seed-1'), replayRun('seed-2'), replayRun('clipped')];
    rmSync(path.join(directories[2], 'experiment.json'));
    const opened = await open();
    const { page, postedMessages } = opened;
    compare(opened, directories);
    await page.locator('.facts', { hasText: 'Reading' }).waitFor({ state: 'detached' });
    await waitForRows(page, 60);
    await page.getByRole('alert').getByText(`${directories[2]} is not a run directory`).waitFor();
    await page.getByRole('button', { name: 'seed 2', exact: true }).click();
    await page.getByRole('button', { name: 'Save curves as CSV' }).click();
    expect((await postedMessages()).slice(1)).toEqual([{ type: 'openRun', id: directories[1] }, { type: 'saveCsv' }]);
    expect(await page.getByRole('columnheader').count()).toBe(1);
  });
});
