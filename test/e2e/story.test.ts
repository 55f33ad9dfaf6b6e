// A complete user story: create an experiment, complete and fix it, train, pause, reload, compare, and export.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { inVsCode } from './support/inVsCode';
import type { Run } from './support/workspace';

inVsCode('a user', {}, (open) => {
  test('can go from an empty folder to an exported generator', { timeout: 300_000 }, async () => {
    const { window, space } = await open({ 'README.md': '# Empty\n' });
    const { page, monitor } = window;
    const line = (text: string) => page.locator('.view-line', { hasText: text });
    /** A line near the end of the file; an editor draws only those in view. */
    const shownLine = (text: string) =>
      eventually(`the editor shows ${text}`, async () => {
        await page.keyboard.press('Control+End');
        await line(text).waitFor({ timeout: 3000 });
        return line(text);
      });
    /** Waits for a new file or folder in the workspace. */
    const made = (is: (name: string) => boolean) =>
      eventually('there is a new file', () => readdirSync(space.folder).find(is) ?? '');
    const state = (run: Run, wanted: string) =>
      eventually(
        `the run is ${wanted}`,
        () => run.status().state,
        (now) => now === wanted,
      );

    await window.openFile('README.md');
    await window.command('Earthmover: New Experiment…');
    await window.choose(/WGAN-GP/);
    await window.choose(/Ring of Gaussians/);
    const file = await made((name) => name.endsWith('.gan.json'));
    await window.tab(new RegExp(`^${file}`)).waitFor();
    const text = () => readFileSync(path.join(space.folder, file), 'utf8');

    // Type a key, select its value from the completion list.
    await (await shownLine('"seed"')).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('"objective": ');
    const offer = page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'hinge' }).first();
    await eventually('objectives are offered', async () => {
      if (!(await offer.isVisible())) await page.keyboard.press('Control+Space');
      await offer.waitFor({ timeout: 3000 });
      return true;
    });
    const wgan = page
      .locator('.suggest-widget.visible .monaco-list-row')
      .filter({ has: page.getByText('"wgan"', { exact: true }) })
      .first();
    await wgan.click();
    await line('"objective": "wgan",').waitFor();

    await line('"samples"').getByText('100', { exact: true }).dblclick();
    await page.keyboard.type('10');

    // A typo and its quick fix.
    await line('criticSteps').getByText('"criticSteps"', { exact: true }).dblclick();
    await page.keyboard.type('criticStep');
    await page.locator('.squiggly-error').first().waitFor();
    const fix = page.locator('.action-widget .monaco-list-row', { hasText: /criticSteps/ }).first();
    await eventually('a fix is offered', async () => {
      await page.keyboard.press('Control+.');
      await fix.waitFor({ timeout: 3000 });
      return true;
    });
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'No Problems' }).waitFor();
    await window.command('File: Save');
    await eventually('it is saved', () => /"objective": "wgan",/.test(text()) && /"criticSteps": /.test(text()));

    await page.keyboard.press('Control+Home');
    await window.clickLens('▶ Train');
    await monitor.rowsBeyond(20);
    const [first] = space.runs();
    // The status bar shows the run.
    const item = page.locator('#earthmover\\.earthmover\\.earthmover\\.progress, [id$="earthmover.progress"]').first();
    await eventually(
      'the status bar counts',
      () => item.textContent(),
      (said) => /\d+%/.test(said ?? ''),
    );

    await monitor.button('Pause').click();
    await state(first, 'paused');
    const rows = first.rows();
    await window.reload();
    await eventually(
      'the panel is back',
      () => monitor.rows(),
      (now) => now === rows,
    );
    expect(await monitor.stateText()).toMatch(/Paused/);
    await monitor.button('Resume').click();
    await monitor.rowsBeyond(rows + 10);
    expect(first.status()).toMatchObject({ state: 'running', attempt: 1 });
    await monitor.button('Stop').click();
    await state(first, 'stopped');

    // Another seed, and a comparison of both.
    await window
      .tab(new RegExp(`^${file}`))
      .first()
      .click();
    await (await shownLine('"seed"')).getByText('1', { exact: true }).dblclick();
    await page.keyboard.type('2');
    await page.keyboard.press('Control+Home');
    await window.clickLens('▶ Train');
    await eventually('there is a second run', () => space.runs().length === 2);
    const second = space.runs()[1];
    await eventually('it trains', () => second.rows() > 20);
    await window.command('Earthmover: Stop');
    await state(second, 'stopped');

    await page.getByRole('tab', { name: 'Earthmover' }).first().click();
    const runs = page.locator('.pane', { hasText: 'Runs' }).getByRole('treeitem');
    await runs.nth(1).waitFor();
    // A run that has ended can be resumed but not paused.
    await runs.nth(0).hover();
    await runs
      .nth(0)
      .getByRole('button', { name: /^Resume/ })
      .waitFor();
    expect(
      await runs
        .nth(0)
        .getByRole('button', { name: /^Pause/ })
        .count(),
    ).toBe(0);
    await runs.nth(0).click();
    await runs.nth(1).click({ modifiers: ['ControlOrMeta'] });
    await window.fromMenu(runs.nth(1), 'Compare Runs');
    await window.tab(/^Compar/).waitFor();
    // Over the experiment: the monitor's column is narrow.
    const { lastFrame } = monitor;
    await lastFrame.getByRole('row', { name: /^State / }).waitFor();
    const tabs = page
      .locator('.editor-group-container')
      .first()
      .getByRole('tab', { name: /^Compar/ });
    expect(await tabs.count()).toBe(1);
    expect(await lastFrame.getByRole('columnheader').first().textContent()).toMatch(/seed 1.*seed 2|seed 2.*seed 1/);

    // Export the generator for TensorFlow.js, and the newest sample image.
    await runs.nth(0).click();
    await window.fromMenu(runs.nth(0), 'Export Generator…');
    await window.choose(/TensorFlow\.js model/);
    await window.acceptPath('Export Here');
    const model = path.join(space.folder, await made((name) => /-generator-\d+$/.test(name)));
    await eventually('it is whole', () => existsSync(path.join(model, 'model.json')));
    await window.tab('Preview README.md').waitFor();
    await window.fromMenu(runs.nth(0), 'Export Samples…');
    await window.choose(/Step \d+/);
    await window.acceptPath(/^(OK|Save)$/);
    const image = await made((name) => /-step-\d+\.png$/.test(name));
    expect(readFileSync(path.join(space.folder, image)).subarray(1, 4).toString()).toBe('PNG');
  });
});
