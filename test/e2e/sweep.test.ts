// A sweep in VS Code: started by its CodeLens, followed to its end, found again after a reload and in the Runs view,
// whose menu cancels, retries and deletes it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { brief, lasting } from './support/experiments';
import { inVsCode } from './support/inVsCode';
import type { Window } from './support/window';

/** Runs the sweep file by its CodeLens, on this machine. */
async function runSweep(window: Window, file: string, tab: string): Promise<void> {
  await window.openFile(file);
  await window.clickLens('▶ Run sweep');
  const opened = window.tab(tab);
  // Where Slurm is installed, the editor asks where the trials run.
  const asked = window.page.locator('.quick-input-widget').getByText('On this machine');
  await opened.or(asked).first().waitFor();
  if (await asked.isVisible()) await window.choose('On this machine');
  await opened.waitFor();
}

/** The row of a sweep in the Runs view. */
const rowOf = ({ page }: Window, name: RegExp): Locator =>
  page.locator('.pane', { hasText: 'Runs' }).getByRole('treeitem', { name });

const model = (body: string): string =>
  `import * as tf from '@tensorflow/tfjs';
export const make = () => { ${body} };
const network = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
`;

inVsCode('a sweep', {}, (open) => {
  test('is run from its file, and its trials are compared', { timeout: 600_000 }, async () => {
    const { window } = await open({
      'brief.gan.json': { ...brief, metrics: ['w1'] },
      'seeds.sweep.json': { experiment: './brief.gan.json', seeds: 3, result: { metric: 'w1', thresholds: [100] } },
    });
    const { frame } = window.monitor;
    const ended = () => frame.getByText('3 of 3 trials ended').first().waitFor({ timeout: 240_000 });

    await runSweep(window, 'seeds.sweep.json', 'Sweep seeds');
    await ended();
    expect(await frame.getByRole('row').last().getByRole('cell').allTextContents()).toContain('100%');

    await window.reload();
    await ended();
    await window.page.getByRole('tab', { name: 'Earthmover' }).first().click();
    const sweep = window.page
      .locator('.pane', { hasText: 'Runs' })
      .getByRole('treeitem', { name: /^Sweep seeds, 3 of 3/ });
    await sweep.waitFor();
    // Its trials are no runs of their own there.
    expect(await window.page.locator('.pane', { hasText: 'Runs' }).getByRole('treeitem').count()).toBe(1);

    await frame.getByRole('button', { name: 'Every trial' }).click();
    for (const trial of [1, 3]) await frame.getByRole('checkbox', { name: `Select trial ${trial}` }).check();
    await frame.locator('.compare-selected').click();
    await window.tab(/^Compare /).waitFor();
  });

  test(
    'is retried, canceled and deleted from the Runs view; a trial opens its monitor',
    { timeout: 600_000 },
    async () => {
      const { window, space } = await open({
        'model.ts': model(`throw new Error('not today');`),
        'brief.gan.json': { ...brief, latent: { size: 2 }, metrics: ['w1'] },
        'lasting.gan.json': lasting,
        'mixed.sweep.json': {
          experiment: './brief.gan.json',
          cases: { good: {}, bad: { generator: { module: './model.ts', export: 'make' } } },
        },
        'lasting.sweep.json': { experiment: './lasting.gan.json', seeds: 2, limits: { atOnce: 1 } },
      });
      const { page } = window;
      const { frame } = window.monitor;

      await runSweep(window, 'mixed.sweep.json', 'Sweep mixed');
      await frame.getByText('2 of 2 trials ended').first().waitFor({ timeout: 240_000 });
      await page.getByRole('tab', { name: 'Earthmover' }).first().click();
      const failed = rowOf(window, /^Sweep mixed, 2 of 2 trials ended, 1 failed/);
      await failed.waitFor();
      writeFileSync(path.join(space.folder, 'model.ts'), model('return network();'));
      await window.fromMenu(failed, 'Retry Failed Trials of Sweep');
      await rowOf(window, /^Sweep mixed, 2 of 2 trials ended$/).waitFor({ timeout: 240_000 });

      await frame.getByRole('button', { name: 'Every trial' }).click();
      await frame.getByRole('row').getByRole('button', { name: '2', exact: true }).click();
      await window.tab(/^mixed 2/).waitFor();

      await page.getByRole('tab', { name: 'Explorer' }).first().click();
      await runSweep(window, 'lasting.sweep.json', 'Sweep lasting');
      await page.getByRole('tab', { name: 'Earthmover' }).first().click();
      await rowOf(window, /^Sweep lasting, 0 of 2 trials ended, 1 running/).waitFor({ timeout: 240_000 });
      await window.fromMenu(rowOf(window, /^Sweep lasting/), 'Cancel Sweep');
      const canceled = rowOf(window, /^Sweep lasting, 1 of 2 trials ended$/);
      await canceled.waitFor({ timeout: 240_000 });

      const dialog = page.locator('.monaco-dialog-box');
      await window.fromMenu(canceled, 'Delete Sweep');
      await dialog.getByRole('button', { name: 'Move to Trash' }).click();
      // The test machine may have no trash; then a second question follows.
      const forGood = dialog.getByRole('button', { name: 'Delete Permanently' });
      await eventually('the sweep is deleted', async () => {
        if (await forGood.isVisible()) await forGood.click();
        return (await rowOf(window, /^Sweep lasting/).count()) === 0;
      });
      expect(await rowOf(window, /^Sweep mixed/).count()).toBe(1);
    },
  );
});
