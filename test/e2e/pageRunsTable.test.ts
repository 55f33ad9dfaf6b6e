// The runs table in a plain browser, over recorded runs: sorted, filtered, compared with a baseline, by keyboard too.
// cspell:ignore Dauer Läufen
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { tableRuns } from '../../scripts/lib/runsTableScenes.mjs';
import type { TableRun } from '../../src/protocol/runsTable';
import { annotate } from '../../src/run/annotations';
import { createRunIndex } from '../../src/extension/runs/readRuns';
import { createTableFeed } from '../../src/extension/runs/table/feedTable';
import { violations } from './support/axe';
import { noBrowser, setTheme, setUpPageTests } from './support/monitorPage';
import { taskClock } from './support/taskTime';

vi.mock('vscode', () => import('../support/vscode'));

const unless = (title: string) => (noBrowser === '' ? title : `${title} (${noBrowser})`);

describe.skipIf(noBrowser !== '')(unless('the runs table'), () => {
  const { open, replayRun } = setUpPageTests();

  /** The table of recorded runs, and a function that reads them again as the extension does. */
  const recorded = async (viewState?: unknown, language?: string) => {
    const opened = await open('dark', viewState, language);
    const directories = {
      seed1: replayRun('seed-1'),
      seed2: replayRun('seed-2'),
      clipped: replayRun('clipped'),
      running: replayRun('running'),
    };
    const index = createRunIndex();
    let sending = Promise.resolve();
    let baseline: string | null = null;
    const feed = createTableFeed((message) => {
      sending = sending.then(() => opened.send(message));
    });
    const mine = new Set(Object.values(directories));
    const update = async (pinned = baseline) => {
      baseline = pinned;
      const runs = await index.read([path.dirname(directories.seed1)]);
      feed.update(
        runs.filter(({ directory }) => mine.has(directory)),
        baseline,
      );
      await sending;
    };
    await update();
    onTestFinished(() => sending);
    return { ...opened, directories, update };
  };
  /** The table of made-up runs. */
  const made = async (runs: readonly TableRun[], viewState?: unknown, baseline: string | null = null) => {
    const opened = await open('dark', viewState);
    await opened.send({ type: 'runsTable', runs, baseline });
    return opened;
  };
  const rowsIn = ({ page }: Pick<OpenedPage, 'page'>) => page.locator('tr[data-run]');
  const idsIn = (opened: Pick<OpenedPage, 'page'>) =>
    rowsIn(opened).evaluateAll((rows) =>
      rows.map((row) => (row as unknown as { dataset: { run: string } }).dataset.run),
    );
  const posted = async ({ postedMessages }: OpenedPage) => (await postedMessages()).slice(1);
  const sorted = ({ page }: Pick<OpenedPage, 'page'>) =>
    page.locator('th[aria-sort]').evaluateAll((heads) => heads.map((head) => `${head.textContent?.trim()}`));

  test('axe-core finds no violations: with groups, a baseline, a selection, the columns and the dialog', async () => {
    const runs = tableRuns(12);
    const opened = await made(runs, { grouped: true, selected: [runs[1].id] }, runs[0].id);
    const { page } = opened;
    for (const theme of ['light', 'hc-dark', 'dark'] as const) {
      await setTheme(page, theme);
      expect([theme, ...(await violations(page))]).toEqual([theme]);
    }
    await page.getByRole('button', { name: /^Columns/ }).click();
    expect(await violations(page)).toEqual([]);
    await rowsIn(opened).first().press('F2');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test('shows what was recorded: states, metrics, and only the settings that differ', async () => {
    const opened = await recorded();
    const { page, directories } = opened;
    await page.getByText('4 runs', { exact: true }).waitFor();
    const heads = (await page.getByRole('columnheader').allTextContents()).map((text) => text.trim());
    expect(heads).toEqual(expect.arrayContaining(['Name', 'State', 'W₁', 'Modes', 'K·W', 'Step', 'seed']));
    expect(heads.indexOf('W₁')).toBeLessThan(heads.indexOf('K·W'));
    for (const head of ['data.modes', 'steps']) expect(heads).not.toContain(head);
    const row = page.locator(`tr[data-run="${directories.seed2}"]`);
    expect((await row.getByRole('gridcell').allTextContents()).slice(1, 2)).toEqual(['Finished']);
    const status = JSON.parse(readFileSync(path.join(directories.seed2, 'status.json'), 'utf8')) as {
      metrics: { w1: number };
    };
    await row.getByText(status.metrics.w1.toFixed(4).slice(0, 5)).first().waitFor();
  });

  test('shows in a narrow column where a fork with a long name began, and the distance to the data', async () => {
    const name = 'ring-of-gaussians-wgan-gp-with-a-long-name';
    const parent = { folder: '20261121-090000-ring', step: 12_000 };
    const runs = tableRuns(2).map((run, i) => ({ ...run, name, parent: i === 0 ? parent : null }));
    const opened = await made(runs);
    const { page } = opened;
    await opened.send({ type: 'runsTable', runs: runs.slice(0, 1), baseline: null });
    await page.getByText('1 run', { exact: true }).waitFor();
    await opened.send({ type: 'runsTable', runs, baseline: null });
    await page.setViewportSize({ width: 460, height: 600 });
    const fork = page.getByRole('rowheader').getByText('fork at 12,000', { exact: true });
    await fork.waitFor();
    expect(await fork.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    const [cell, line] = [await page.getByRole('rowheader').first().boundingBox(), await fork.boundingBox()];
    expect(line!.x + line!.width).toBeLessThanOrEqual(cell!.x + cell!.width);
    const box = await page.getByRole('columnheader', { name: 'W₁', exact: true }).boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(460);
  });

  test('follows the runs: a new name, tags, and progress', async () => {
    const opened = await recorded();
    const { page, directories, update } = opened;
    await annotate(directories.clipped, { name: 'clip 0.05', tags: ['paper'] });
    await update();
    await page.getByRole('row', { name: 'clip 0.05' }).getByText('paper').waitFor();
    const file = path.join(directories.running, 'status.json');
    const status = JSON.parse(readFileSync(file, 'utf8')) as { step: number; steps: number };
    writeFileSync(file, JSON.stringify({ ...status, step: status.steps - 1 }));
    await update();
    await page.getByText(`${status.steps - 1} of ${status.steps}`).waitFor();
  });

  test('differences to the baseline appear, except where runs measure different things', async () => {
    const opened = await recorded();
    const { page, directories, update } = opened;
    await page.locator(`tr[data-run="${directories.seed1}"]`).click();
    await page.getByRole('button', { name: 'Pin baseline' }).click();
    expect((await posted(opened)).at(-1)).toEqual({ type: 'pinBaseline', id: directories.seed1 });
    await update(directories.seed1);
    const deltas = (directory: string) => page.locator(`tr[data-run="${directory}"] .delta`).count();
    await page.getByRole('row', { name: 'Baseline' }).waitFor();
    // Estimate, modes, high quality and W₁ of another seed; of another constraint, all but the estimate.
    expect([await deltas(directories.seed2), await deltas(directories.clipped)]).toEqual([4, 3]);
    expect(await deltas(directories.seed1)).toBe(0);
    await page.getByRole('button', { name: 'Unpin baseline' }).click();
    expect((await posted(opened)).at(-1)).toEqual({ type: 'pinBaseline', id: null });
  });

  test('sorts by any column, numbers by value and missing ones last; the header is one Tab stop', async () => {
    const runs = tableRuns(9);
    const opened = await made(runs);
    const { page } = opened;
    expect(await idsIn(opened)).toEqual(runs.map(({ id }) => id).reverse());
    const w1 = page.getByRole('button', { name: 'W₁' });
    await w1.click();
    const values = (await idsIn(opened)).map((id) => runs.find((run) => run.id === id)?.values.w1 ?? Infinity);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(await page.locator('th[aria-sort="ascending"]').count()).toBe(1);
    await w1.press('Enter');
    expect(await page.locator('th[aria-sort="descending"]').allTextContents()).toEqual(['W₁ ↓']);
    expect(await page.locator('thead button[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    expect(await sorted(opened)).toEqual(['State ↑']);
  });

  test('rows are selected by mouse and keyboard, compared, opened and edited', async () => {
    const runs = tableRuns(6);
    const opened = await made(runs);
    const { page } = opened;
    const ids = await idsIn(opened);
    const selected = () =>
      page.locator('tr[aria-selected="true"]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-run')));
    const row = (i: number) => page.locator(`tr[data-run="${ids[i]}"]`);
    expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true);
    await row(1).click();
    await row(3).click({ modifiers: ['Shift'] });
    expect(await selected()).toEqual([ids[1], ids[2], ids[3]]);
    await row(2).click({ modifiers: ['ControlOrMeta'] });
    await row(5).getByRole('checkbox').click();
    expect(await selected()).toEqual([ids[1], ids[3], ids[5]]);
    await page.getByRole('button', { name: 'Compare (3)' }).click();
    expect((await posted(opened)).at(-1)).toEqual({ type: 'compareTableRuns', ids: [ids[1], ids[3], ids[5]] });

    await row(5).focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowDown');
    expect(await selected()).toEqual([ids[0], ids[1]]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    expect(await selected()).toEqual([ids[0], ids[1], ids[2]]);
    expect(await page.locator('tbody [tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await row(4).dblclick();
    expect((await posted(opened)).slice(-2)).toEqual([
      { type: 'openTableRun', id: ids[2] },
      { type: 'openTableRun', id: ids[4] },
    ]);

    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('mine');
    await page.getByRole('textbox', { name: 'Tags, separated by commas' }).fill('a, b');
    await page.getByRole('textbox', { name: 'Notes' }).fill('one\ntwo');
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect
      .poll(async () => (await posted(opened)).at(-1))
      .toEqual({ type: 'annotateRun', id: ids[4], name: 'mine', tags: ['a', ' b'], notes: 'one\ntwo' });
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name', exact: true }).press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(((await posted(opened)).at(-1) as { name: string }).name).toBe('mine');
  });

  test('rows keep their places under the pointer, and are sorted again when it leaves', async () => {
    const runs = tableRuns(6).map((run, i) => ({ ...run, values: { w1: i } }));
    const opened = await made(runs, { sort: { key: 'value:w1', descending: false } });
    const { page } = opened;
    const before = await idsIn(opened);
    await rowsIn(opened).nth(2).hover();
    await opened.send({ type: 'tableRuns', runs: [{ ...runs[0], values: { w1: 99 } }] });
    await page.getByText('99.00').waitFor();
    expect(await idsIn(opened)).toEqual(before);
    await page.mouse.move(200, 10);
    await expect.poll(() => idsIn(opened)).toEqual([...before.slice(1), before[0]]);
  });

  test('filter, groups, columns and order are restored after a reload, in German too', async () => {
    const runs = tableRuns(12);
    const first = await made(runs);
    await first.page.getByRole('searchbox').fill('gaussians');
    await first.page.getByRole('button', { name: 'Group' }).click();
    await first.page.getByRole('button', { name: /^Columns/ }).click();
    await first.page.getByRole('checkbox', { name: 'State' }).uncheck();
    await first.page.getByRole('button', { name: 'Time' }).click();
    await first.page.getByRole('button', { name: /eight-gaussians \(8\)/ }).press('ArrowLeft');
    expect(await rowsIn(first).count()).toBe(0);
    const saved = await first.savedState();
    const again = await open('dark', saved, 'de');
    await again.send({ type: 'runsTable', runs, baseline: null });
    const group = again.page.getByRole('button', { name: /eight-gaussians \(8\)/ });
    expect(await group.getAttribute('aria-expanded')).toBe('false');
    await group.click();
    expect(await rowsIn(again).count()).toBe(8);
    expect(await sorted(again)).toEqual(['Dauer ↑']);
    expect(await again.page.getByRole('columnheader', { name: 'Status' }).count()).toBe(0);
    await again.page.getByText('8 von 12 Läufen').waitFor();
  });

  test('1,000 runs are shown in under a second of script, and one that changes takes a fraction of it', async () => {
    const runs = tableRuns(1000);
    const opened = await open();
    const { page } = opened;
    const measure = await taskClock(page);
    const all = await measure(() => opened.send({ type: 'runsTable', runs, baseline: runs[0].id }));
    expect(await rowsIn(opened).count()).toBe(1000);
    const one = await measure(() => opened.send({ type: 'tableRuns', runs: [{ ...runs[500], step: 1 }] }));
    console.log(`1,000 rows: ${all.toFixed(0)} ms; one that changes: ${one.toFixed(0)} ms`);
    expect(one).toBeLessThan(all);
  });
});
