// What a user does with a run beside watching it: explores its latents while it trains, forks it, keeps the table, and
// asks the doctor.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sendCommand } from '../../src/run/control';
import { eventually } from './support/eventually';
import { lasting } from './support/experiments';
import { inVsCode } from './support/inVsCode';

inVsCode('a run', {}, (open) => {
  test('is explored while it trains, forked, and named in the runs table', async () => {
    const { window, space } = await open({ 'ring.gan.json': lasting });
    const { page, monitor } = window;
    await window.openFile('ring.gan.json');
    await window.clickLens('▶ Train');
    await monitor.rowsBeyond(10);
    const [run] = space.runs();
    await eventually('it has a checkpoint', () => existsSync(path.join(run.directory, 'checkpoints', 'step-100')));

    const explorer = monitor.frame.locator('details.latents');
    await explorer.locator('summary').click();
    await explorer.getByRole('button', { name: 'Samples', exact: true }).click();
    const image = explorer.getByRole('img', { name: /^Generated samples, step \d+/ });
    await image.waitFor();
    await eventually('the samples are shown', () =>
      image.evaluate((shown: { naturalWidth: number }) => shown.naturalWidth > 100),
    );
    expect(run.status().state).toBe('running');

    // While it trains on, its checkpoints are replaced by newer ones.
    await monitor.button('Pause').click();
    await eventually('it pauses', () => run.status().state === 'paused');
    await window.command('Earthmover: Fork Run');
    await window.choose(/^Step \d+/);
    const input = page.locator('.quick-input-widget input');
    const answer = async (prompt: string, text: string) => {
      await page.locator('.quick-input-widget').getByText(prompt).waitFor();
      await input.fill(text);
      await page.keyboard.press('Enter');
    };
    // The list has more than it shows.
    await input.fill('learning rate');
    await window.choose(/^optimizer\.learningRate/);
    await page.locator('.quick-input-widget').getByText('Current value: 0.0001').waitFor();
    await input.fill('fast');
    await page.getByText(/learningRate must be a number/).waitFor();
    await input.fill('0.002');
    await page.getByText(/learningRate must be a number/).waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').getByText('0.0001 → 0.002').waitFor();
    await window.choose(/^steps/);
    await answer('Total number of steps', '900000');
    await window.choose(/Start Fork/);
    const fork = await eventually('the fork trains', () =>
      space.runs().find(({ directory, rows }) => directory !== run.directory && rows() > 0),
    );
    // Its monitor is beside the experiment, as that of the first run: there is no third column.
    await eventually(
      'both monitors are open',
      async () => [
        await page.getByRole('tab', { name: /^ring \d/ }).count(),
        await page.getByRole('tab', { name: /^ring \(fork at [\d,]+\) \d/ }).count(),
      ],
      (counts) => counts.join() === '1,1',
    );
    await monitor.lastFrame
      .locator('h1')
      .getByText(/fork at [\d,]+/)
      .waitFor();
    expect(await page.locator('.editor-group-container').count()).toBe(2);
    const { experiment, parent } = JSON.parse(readFileSync(path.join(fork!.directory, 'experiment.json'), 'utf8')) as {
      experiment: { optimizer: unknown; steps: number };
      parent: { directory: string; step: number };
    };
    expect(experiment.steps).toBe(900_000);
    expect(JSON.stringify(experiment.optimizer)).toContain('0.002');
    expect([path.basename(parent.directory), parent.step % 100]).toEqual([path.basename(run.directory), 0]);
    for (const { directory } of space.runs()) await sendCommand(directory, 'stop');
    await eventually('both have stopped', () => space.runs().every(({ status }) => status().state === 'stopped'));

    await window.command('Earthmover: Focus on Runs View');
    await page
      .getByRole('treeitem', { name: /^ring, fork at step [\d,]+, learningRate 0.002, stopped, step/ })
      .waitFor();
    await window.command('Earthmover: Open Runs Table');
    const { lastFrame: frame } = monitor;
    const rows = frame.locator('tr[data-run]');
    await eventually(
      'both are listed',
      () => rows.count(),
      (count) => count === 2,
    );
    await frame.getByRole('columnheader', { name: /^Step/ }).getByRole('button').first().click();
    await rows.first().click();
    const first = page.locator('.editor-group-container').first();
    expect(await first.getByRole('tab', { name: 'Runs' }).count()).toBe(1);
    const named = await rows.first().getAttribute('data-run');
    await page.keyboard.press('F2');
    await frame.getByRole('textbox', { name: 'Name', exact: true }).fill('the one');
    await frame.getByRole('textbox', { name: 'Notes' }).fill('Figure 3');
    await page.keyboard.press('ControlOrMeta+Enter');
    await frame.getByRole('row', { name: /the one/ }).waitFor();
    const annotations = JSON.parse(readFileSync(path.join(named!, 'annotations.json'), 'utf8')) as object;
    expect(annotations).toMatchObject({ name: 'the one', notes: 'Figure 3' });
    await frame.getByRole('button', { name: 'Pin baseline' }).click();
    await frame.getByRole('button', { name: 'Unpin baseline' }).waitFor();
  });

  test('has a doctor, which says what works here', async () => {
    const { window } = await open({ 'ring.gan.json': lasting });
    await window.command('Earthmover: Run Doctor');
    const { frame } = window.monitor;
    await frame.getByRole('heading', { name: 'Doctor' }).waitFor();
    const badge = frame.locator('header .badge');
    await eventually(
      'all is checked',
      () => badge.textContent(),
      (text) => /^Training works here/.test(text ?? ''),
    );
    expect(await frame.locator('li[data-level="open"]').count()).toBe(0);
    expect(await frame.locator('li[data-level="ok"]').count()).toBeGreaterThan(6);
    expect(await frame.locator('li[data-level="fail"]').count()).toBe(0);
  });
});
