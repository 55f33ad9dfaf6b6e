// Editing an experiment: a new file that trains unchanged, diagnostics, hover, completion, and its runs.
import { test } from 'vitest';
import { eventually } from './support/eventually';
import { brief } from './support/experiments';
import { inVsCode } from './support/inVsCode';

inVsCode('an experiment file', {}, (open) => {
  test('is created from the Command Palette, and trains unchanged', async () => {
    const { window } = await open({ 'README.md': '# Empty\n' });
    await window.openFile('README.md');
    await window.command('Earthmover: New Experiment…');
    await window.choose(/WGAN-GP/);
    await window.choose(/Ring of Gaussians/);
    await window.tab(/\.gan\.json/).waitFor();
    await window.clickLens('▶ Train');
    await window.monitor.rowsBeyond(5);
    await window.page.getByRole('button', { name: 'No Problems' }).waitFor();
  });

  test('has diagnostics, hovers and completion', async () => {
    const wrong = `{
  "data": { "source": "gaussians-ring" },
  "objective": "wgan",
  "optimizer": { "kind": "adam", "learningRate": 0.25 },
  "steps": 100,

}
`;
    const { window } = await open({ 'wrong.gan.json': wrong });
    const { page } = window;
    await window.openFile('wrong.gan.json');
    const line = (text: string) => page.locator('.view-line', { hasText: text });

    // A problem of the linter, then one of the parser, while typing.
    await page.locator('.squiggly-warning').first().waitFor();
    await window.explains(
      line('learningRate').getByText('0.25', { exact: true }),
      /With a high learning rate, the critic overshoots its optimum/,
    );
    await line('steps').getByText('100', { exact: true }).dblclick();
    // Typing a quote encloses the selected number in quotes.
    await page.keyboard.type('"');
    await page.locator('.squiggly-error').first().waitFor();
    await window.explains(
      line('steps').getByText('"100"', { exact: true }),
      /steps must be a whole number from 1 to 100,000,000, got "100"/,
    );
    // The description of the key, from the schema.
    await window.explains(
      line('steps').getByText('"steps"', { exact: true }),
      /updates of the generator|generator update/i,
    );

    await page.keyboard.press('Escape');
    await page.locator('.view-line').nth(5).click();
    const offers = page.locator('.suggest-widget.visible .monaco-list-row');
    await eventually('the keys are offered, without those that are there', async () => {
      await page.keyboard.press('Control+Space');
      await offers.first().waitFor({ timeout: 3000 });
      const labels = await offers.locator('.label-name').allTextContents();
      return (
        labels.some((label) => label.includes('batchSize')) && !labels.some((label) => label.includes('objective'))
      );
    });
  });

  test('has its runs in the Runs view, where one is deleted', async () => {
    const { window, space } = await open({ 'brief.gan.json': brief });
    const { page } = window;
    await window.openFile('brief.gan.json');
    await window.clickLens('▶ Train');
    await eventually(
      'it is trained',
      () => space.runs()[0]?.status().state,
      (state) => state === 'finished',
    );
    await page.getByRole('tab', { name: 'Earthmover' }).first().click();
    const item = page.getByRole('treeitem', { name: /^brief/ });
    await page.getByRole('treeitem', { name: /^brief, finished/ }).waitFor();
    await item.click({ button: 'right' });
    // A menu that has just opened ignores a click.
    const remove = page.getByRole('menuitem', { name: /Delete Run/ });
    const toTrash = page.locator('.monaco-dialog-box').getByRole('button', { name: 'Move to Trash' });
    await eventually('it is asked', async () => {
      if (await remove.isVisible()) await remove.click({ timeout: 3000 });
      return toTrash.isVisible();
    });
    await toTrash.click();
    // The test machine may have no trash; then a second question follows.
    const forGood = page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete Permanently' });
    await eventually('the run is deleted', async () => {
      if (await forGood.isVisible()) await forGood.click();
      return space.runs().length === 0;
    });
    await item.waitFor({ state: 'detached' });
  });
});
