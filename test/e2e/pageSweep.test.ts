// The page of a sweep in a plain browser, over sweep directories: progress, filters by mouse and keyboard, the table,
// and what it asks the extension for; with axe-core, and with a thousand trials.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { sweepMessages } from '../../scripts/lib/sweepScenes.mjs';
import { keepStartProblem } from '../../src/extension/sweeps/startProblem';
import { sweepPaths } from '../../src/sweep/sweepDirectory';
import { failTrial, planGeneratedSweep, writeTrial } from '../support/generatedSweep';
import { violations } from './support/axe';
import { noBrowser, setTheme, setUpPageTests } from './support/monitorPage';
import { taskClock } from './support/taskTime';

describe.skipIf(noBrowser !== '')(
  noBrowser === '' ? 'the page of a sweep' : `the page of a sweep (${noBrowser})`,
  () => {
    const { open, newFolder, followSweep } = setUpPageTests({ withRecordings: false });

    /** Two cases, three widths and two seeds; trials 1 to 6 have the first seed. */
    const widths = {
      cases: { small: { 'generator.depth': 1 }, deep: { 'generator.depth': 2 } },
      over: { 'critic.width': [16, 32, 64] },
      seeds: 2,
      result: { metric: 'w1', thresholds: [0.35] },
    };
    const values = [0.6, 0.4, 0.2, 0.5, 0.3, 0.1];

    /** Opens a sweep whose first ten trials have ended: trial 9 diverged and trial 10 failed. */
    async function opened(viewState?: (directory: string) => object) {
      const directory = newFolder();
      planGeneratedSweep(directory, widths);
      for (let trial = 1; trial <= 8; trial++)
        writeTrial(directory, trial, { state: 'finished', value: values[(trial - 1) % 6] + (trial > 6 ? 0.1 : 0) });
      writeTrial(directory, 9, { state: 'diverged', message: 'The loss is not finite at step 40.' });
      failTrial(directory, 10, 'The model cannot be built.');
      const page = await open('dark', viewState?.(directory));
      followSweep(page, directory);
      await page.page.getByText('10 of 12 trials ended').waitFor();
      return { ...page, directory, cells: cellsOf(page), status: page.page.getByRole('status') };
    }
    /** The texts of the rows of the table, without those of the first `skip` cells. */
    const cellsOf =
      ({ page }: OpenedPage) =>
      async (skip = 1): Promise<string[]> => {
        const rows = await page.locator('.results tbody tr').all();
        return Promise.all(
          rows.map(async (row) => (await row.locator('td, th').allTextContents()).slice(skip).join(' ').trim()),
        );
      };
    const posted = async (page: OpenedPage) => (await page.postedMessages()).slice(1);

    test('axe-core finds no violations, in three themes, with brushes and with every trial', async () => {
      const { page } = await opened();
      await page.getByRole('slider', { name: 'Least critic.width' }).press('ArrowUp');
      for (const theme of ['light', 'hc-dark', 'dark'] as const) {
        await setTheme(page, theme);
        expect([theme, ...(await violations(page))]).toEqual([theme]);
      }
      await page.getByRole('button', { name: 'Every trial' }).click();
      await page.getByRole('columnheader', { name: 'Reason' }).waitFor();
      expect(await violations(page)).toEqual([]);
    });

    test('has the same numbers as the command line, folded over seeds', async () => {
      const { page, cells } = await opened();
      const heads = await page.getByRole('columnheader').allTextContents();
      expect(heads.join('|')).toBe(
        'Trials|case|critic.width|With result|Median W₁|Diverged|Failed|Lowest|Highest|≤ 0.35|Waiting',
      );
      expect(await cells(2)).toEqual([
        'small 16 2 0.6500 0 0 0.6000 0.7000 0% 0',
        'small 32 2 0.4500 0 0 0.4000 0.5000 0% 0',
        'small 64 1 0.2000 1 0 0.2000 0.2000 50% 0',
        'deep 16 1 0.5000 0 1 0.5000 0.5000 0% 0',
        'deep 32 1 0.3000 0 0 0.3000 0.3000 100% 1',
        'deep 64 1 0.1000 0 0 0.1000 0.1000 100% 1',
      ]);
      // The best one is marked, and said with its trial.
      const marked = page.locator('.results tr').filter({ has: page.locator('.best-mark') });
      expect(await marked.count()).toBe(1);
      expect(await marked.textContent()).toContain('deep64');
      await page.getByText('Best: case deep · critic.width 64 · W₁ (lower is better) 0.1000').waitFor();
      await page.getByRole('button', { name: 'Open trial 6' }).waitFor();
      await page.getByRole('combobox', { name: 'Group by' }).selectOption('case');
      expect(await cells(2)).toEqual([
        'small 5 0.5000 1 0 0.2000 0.7000 17% 0',
        'deep 3 0.3000 0 1 0.1000 0.5000 50% 2',
      ]);
    });

    test('has no axes before the first trial has ended, and separates the trials of a row', async () => {
      const directory = newFolder();
      planGeneratedSweep(directory, widths);
      const { page, ...rest } = await open();
      followSweep({ page, ...rest }, directory);
      await page.getByText('The chart appears when the first trial has ended.').waitFor();
      expect(await page.locator('.plot-area').isVisible()).toBe(false);
      expect(await page.locator('.results tbody .links').first().innerText()).toMatch(/^1,\s*7$/);
      writeTrial(directory, 1, { state: 'finished', value: 0.5 });
      await page.locator('.plot-area .axis').last().getByText('0.5000', { exact: true }).waitFor();
      expect(await page.getByText('The chart appears').isVisible()).toBe(false);
    });

    test('sorts by a column, by keyboard, and keeps the focus', async () => {
      const { page, cells, savedState } = await opened();
      const head = page.getByRole('columnheader', { name: 'Median W₁' });
      await head.getByRole('button').focus();
      await page.keyboard.press('Enter');
      await page.locator('th[aria-sort="ascending"]').waitFor();
      expect((await cells(2)).map((row) => row.split(' ').slice(0, 2).join(' '))).toEqual([
        ...['deep 64', 'small 64', 'deep 32', 'small 32', 'deep 16', 'small 16'],
      ]);
      await page.keyboard.press('Enter');
      await page.locator('th[aria-sort="descending"]').waitFor();
      expect((await cells(2))[0]).toMatch(/^small 16 /);
      expect(await savedState()).toMatchObject({ sorting: { column: 'median', descending: true } });
      await page.keyboard.press('Enter');
      await page.locator('th[aria-sort]').waitFor({ state: 'detached' });
      expect((await cells(2))[0]).toMatch(/^small 16 /);
    });

    test('filters by the keys of an axis, tells how many pass, and clears', async () => {
      const { page, cells, status, savedState } = await opened();
      const least = page.getByRole('slider', { name: 'Least critic.width' });
      await least.focus();
      for (const key of ['ArrowUp', 'PageUp', 'ArrowDown']) await page.keyboard.press(key);
      await status.getByText('8 of 12 trials pass the filters').waitFor();
      expect([await least.getAttribute('aria-valuetext'), (await cells()).length]).toEqual(['32', 4]);
      await page.getByRole('slider', { name: 'Most case' }).press('Home');
      await status.getByText('4 of 12 trials pass the filters').waitFor();
      expect(await savedState()).toMatchObject({
        brushes: { 'critic.width': { from: 32, to: null }, case: { from: null, to: 'small' } },
      });
      await least.press('Escape');
      await status.getByText('6 of 12 trials pass the filters').waitFor();
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await status.getByText('pass the filters').waitFor({ state: 'detached' });
      expect(await cells()).toHaveLength(6);
    });

    test('filters by dragging along an axis, and a click on the axis shows all again', async () => {
      const { page, status } = await opened();
      const strip = page.getByRole('group', { name: 'critic.width' }).locator('.strip');
      const { x, y, width, height } = (await strip.boundingBox())!;
      await page.mouse.move(x + width / 2, y + 2);
      await page.mouse.down();
      await page.mouse.move(x + width / 2, y + 0.3 * height, { steps: 4 });
      await page.mouse.up();
      await status.getByText('4 of 12 trials pass the filters').waitFor();
      await page.mouse.click(x + width / 2, y + height / 2);
      await status.getByText('pass the filters').waitFor({ state: 'detached' });
    });

    test('reads and selects a line under the pointer', async () => {
      const { page } = await opened();
      const { x, y, width, height } = (await page.locator('.lines').boundingBox())!;
      // Between the last two axes, the line of "deep 64" ends at the bottom.
      await page.mouse.move(x + 0.98 * width, y + 0.92 * height);
      await page.getByText(/^case deep · critic\.width 64 · W₁ \(lower is better\) 0\.1000 · 2 trials$/).waitFor();
      await page.mouse.click(x + 0.98 * width, y + 0.92 * height);
      const name = 'Select case deep, critic.width 64';
      await page.getByRole('checkbox', { name, exact: true, checked: true }).waitFor();
    });

    test('shows why trials failed and diverged, and opens monitors and logs', async () => {
      const found = await opened();
      const { page } = found;
      await page.getByText('Failed: The model cannot be built.').waitFor();
      await page.getByText('Diverged: The loss is not finite at step 40.').waitFor();
      await page.getByRole('button', { name: '10', exact: true }).first().click();
      await page.getByRole('button', { name: 'Every trial' }).click();
      await page.getByRole('cell', { name: 'The model cannot be built.' }).waitFor();
      await page
        .getByRole('row', { name: /^Select trial 3 / })
        .getByRole('button', { name: '3', exact: true })
        .click();
      await page.getByRole('button', { name: 'Open the log of trial 4' }).last().click();
      const copy = (trial: number) =>
        page.getByRole('button', { name: `Copy the settings of trial ${trial} to a new experiment` });
      await copy(12).click();
      // The best one also has a button above the table.
      await page.getByRole('button', { name: 'Copy to new experiment' }).click();
      expect(await posted(found)).toEqual([
        { type: 'openTrialLog', trial: 10 },
        { type: 'openTrial', trial: 3 },
        { type: 'openTrialLog', trial: 4 },
        { type: 'copyTrial', trial: 12 },
        { type: 'copyTrial', trial: 6 },
      ]);
    });

    test('compares selected rows, which are those with runs', async () => {
      const found = await opened();
      const { page } = found;
      const compare = page.locator('.compare-selected');
      expect(await compare.getAttribute('aria-disabled')).toBe('true');
      await page.getByRole('checkbox', { name: 'Select case small, critic.width 16' }).press('Space');
      await page.getByText('Compare 2 trials').waitFor();
      // Of this setting, one trial waits.
      await page.getByRole('checkbox', { name: 'Select case deep, critic.width 64' }).check();
      await page.getByText('Compare 3 trials').waitFor();
      await compare.click();
      await page.getByRole('button', { name: 'Every trial' }).click();
      expect(await page.getByRole('checkbox', { name: 'Select trial 12' }).isDisabled()).toBe(true);
      await page.getByRole('checkbox', { name: 'Select trial 7' }).uncheck();
      await page.getByText('Compare 2 trials').waitFor();
      await compare.click();
      expect(await posted(found)).toEqual([
        { type: 'compareTrials', trials: [1, 6, 7] },
        { type: 'compareTrials', trials: [1, 6] },
      ]);
    });

    test('offers to start a sweep of which nothing was begun, and shows why the last start failed', async () => {
      const directory = newFolder();
      planGeneratedSweep(directory, widths);
      const opened = await open();
      const { page } = opened;
      followSweep(opened, directory);
      await page.getByText('Not started').waitFor();
      // Nothing was started that could be canceled.
      await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
      expect(await page.getByRole('button', { name: 'Cancel', exact: true }).isVisible()).toBe(false);
      await keepStartProblem(directory, 'Slurm does not answer.');
      await page.getByRole('alert').getByText('Slurm does not answer.').waitFor();
      expect(await page.getByRole('button', { name: 'Resume', exact: true }).count()).toBe(0);
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      expect(await posted(opened)).toEqual([{ type: 'resumeSweep', failed: false }]);
      await keepStartProblem(directory, null);
      await page.getByText('Slurm does not answer.').waitFor({ state: 'hidden' });
      writeTrial(directory, 1, { state: 'interrupted' });
      await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    });

    test('says how many trials of the sweep file are planned, and that Slurm has not begun them', async () => {
      const directory = newFolder();
      planGeneratedSweep(directory, { ...widths, limits: { trials: 5 } });
      const opened = await open();
      const { page } = opened;
      followSweep(opened, directory);
      await page.locator('header').getByText('5 of 12 trials of the sweep file planned').waitFor();
      mkdirSync(path.join(directory, 'submissions'));
      writeFileSync(path.join(directory, 'submissions', '1.json'), JSON.stringify({ job: '7', tasks: [[1]] }));
      await page.getByText('Waiting for Slurm').waitFor();
      await page.getByRole('button', { name: 'Cancel', exact: true }).waitFor();
    });

    test('follows trials, and offers to resume, retry or cancel', async () => {
      const found = await opened();
      const { page, directory } = found;
      const button = (name: string) => page.getByRole('button', { name, exact: true });
      await page.getByText('Incomplete').waitFor();
      await button('Resume').click();
      // A second press has no effect.
      await page.locator('vscode-button.resume').click({ force: true });
      writeTrial(directory, 11, { state: 'running', step: 50 });
      await page.getByText('1 running').waitFor();
      await page.getByText(/ left$/).waitFor();
      await button('Cancel').click();
      writeTrial(directory, 11, { state: 'finished', value: 0.3 });
      writeTrial(directory, 12, { state: 'finished', value: 0.2 });
      await page.getByText('12 of 12 trials ended').first().waitFor();
      await page.getByText('Ended with failures').waitFor();
      await page
        .getByRole('log', { name: 'Announcements' })
        .getByText('12 of 12 trials ended')
        .waitFor({ state: 'attached' });
      await button('Retry failed').click();
      expect(await posted(found)).toEqual([
        { type: 'resumeSweep', failed: false },
        { type: 'cancelSweep' },
        { type: 'resumeSweep', failed: true },
      ]);
      rmSync(sweepPaths(directory).failure(10));
      writeTrial(directory, 10, { state: 'finished', value: 0.6 });
      // Its process has exited.
      await found.send({ type: 'sweepAnswered', request: 'resumeSweep' });
      await page.getByText('Ended', { exact: true }).waitFor();
    });

    test('is restored with its filters, and has no broken state', async () => {
      const restored = await opened((sweep) => ({
        sweep,
        brushes: { 'critic.width': { from: 64, to: null } },
        everyTrial: true,
      }));
      await restored.status.getByText('4 of 12 trials pass the filters').waitFor();
      expect(await restored.cells()).toHaveLength(4);
      const broken = await opened((sweep) => ({
        sweep,
        brushes: { gone: { from: 1, to: 2 }, case: 3 },
        groupBy: 'gone',
      }));
      expect(await broken.cells()).toHaveLength(6);
    });

    test('has its axes one below the other on a narrow page, and does not scroll sideways', async () => {
      const { page, send } = await open();
      await page.setViewportSize({ width: 312, height: 900 });
      for (const message of sweepMessages()) await send(message);
      await page.locator('.plot-area.stacked').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(312);
      const strip = page.getByRole('group', { name: 'generator.width' }).locator('.strip');
      const { x, y, width, height } = (await strip.boundingBox())!;
      await page.mouse.move(x + 2, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + 0.3 * width, y + height / 2, { steps: 4 });
      await page.mouse.up();
      await page.getByText(/^\d+ of 120 trials pass the filters$/).waitFor();
      expect(await page.getByRole('slider', { name: 'Most generator.width' }).getAttribute('aria-valuetext')).toBe(
        '32',
      );
    });

    test('shows hostile names as text', async () => {
      const name = '<img src=x onerror=alert(1)> \u202eexe';
      const directory = newFolder();
      planGeneratedSweep(directory, { name, cases: { [name]: {}, b: { steps: 10 } }, seeds: 1 });
      const page = await open();
      followSweep(page, directory);
      await page.page.getByRole('heading', { name: '<img src=x onerror=alert(1)> \\u202eexe' }).waitFor();
      await page.page.getByRole('row', { name: /<img src=x onerror=alert\(1\)> \\u202eexe/ }).waitFor();
    });

    test('opens with a thousand trials in under a second of script, and a brush takes a fraction of it', async () => {
      const page = await open();
      // Laying out a thousand rows takes long on a busy machine without a GPU.
      page.page.setDefaultTimeout(90_000);
      const took = await taskClock(page.page);
      const all = await took(async () => {
        for (const message of sweepMessages({ samples: 100, seeds: 5 })) await page.send(message);
      });
      await page.page.getByText('1,000 of 1,000 trials ended').waitFor();
      const brushed = await took(() => page.page.getByRole('slider', { name: 'Most case' }).press('Home'));
      await page.page.getByText('500 of 1,000 trials pass the filters').waitFor();
      console.log(`1,000 trials: ${all.toFixed(0)} ms; a brush: ${brushed.toFixed(0)} ms`);
      expect(brushed).toBeLessThan(all);
      await page.page.getByRole('button', { name: 'Clear filters' }).click();
      await page.page.getByRole('button', { name: 'Every trial' }).click();
      await page.page.getByRole('button', { name: 'Show 800 more rows' }).click();
      await page.page.locator('.results tbody tr:nth-child(1000)').waitFor();
      expect(await page.page.locator('.results tbody tr').count()).toBe(1000);
    });
  },
);
