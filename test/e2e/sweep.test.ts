// A sweep in VS Code: started by its CodeLens, followed to its end, found again after a reload and in the Runs view.
import { expect, test } from 'vitest';
import { brief } from './support/experiments';
import { inVsCode } from './support/inVsCode';

inVsCode('a sweep', {}, (open) => {
  test('is run from its file, and its trials are compared', { timeout: 600_000 }, async () => {
    const { window } = await open({
      'brief.gan.json': { ...brief, metrics: ['w1'] },
      'seeds.sweep.json': { experiment: './brief.gan.json', seeds: 3, result: { metric: 'w1', thresholds: [100] } },
    });
    const { frame } = window.monitor;
    const ended = () => frame.getByText('3 of 3 trials ended').first().waitFor({ timeout: 240_000 });

    await window.openFile('seeds.sweep.json');
    await window.clickLens('▶ Run sweep');
    const opened = window.tab('Sweep seeds');
    // Where Slurm is installed, the editor asks where the trials run.
    const asked = window.page.locator('.quick-input-widget').getByText('On this machine');
    await opened.or(asked).first().waitFor();
    if (await asked.isVisible()) await window.choose('On this machine');
    await opened.waitFor();
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
});
