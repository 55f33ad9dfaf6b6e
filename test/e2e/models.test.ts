// The CodeLens of a model file: a quick start with a matching network and data set.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { models } from './support/experiments';
import { inVsCode } from './support/inVsCode';

inVsCode('a model file', {}, (open) => {
  test('is started by its CodeLens, with a matching network and data set', async () => {
    const { window, space } = await open({ 'models.ts': models });
    await window.openFile('models.ts');
    await window.clickLens('⚡ Quick start as critic');

    const message = window.page.locator('.statusbar-item', { hasText: 'Quick start:' });
    await message.waitFor();
    expect(await message.textContent()).toMatch(
      /judge as critic, against an MLP with 1 hidden layers? of 32 units, on a ring of eight Gaussians/,
    );
    // No notification lies over the first samples.
    expect(await window.notification('Quick start').count()).toBe(0);
    await window.monitor.rowsBeyond(10);

    const [run] = space.runs();
    const { experiment } = JSON.parse(readFileSync(path.join(run.directory, 'experiment.json'), 'utf8')) as {
      experiment: Record<string, object>;
    };
    expect(experiment).toMatchObject({
      data: { source: 'gaussians-ring' },
      generator: { network: 'mlp', depth: 1, width: 32 },
      critic: { export: 'judge' },
      steps: 500,
    });
    await eventually(
      'it ends by itself',
      () => run.status().state,
      (state) => state === 'finished',
    );
  });

  test('with an error gets a diagnostic at its line, and no run is left', async () => {
    const broken = models.replace('judge =', 'judge = () =>').replace('units: 32', 'units: -1');
    const { window, space } = await open({ 'models.ts': broken });
    await window.openFile('models.ts');
    await window.clickLens('⚡ Quick start as critic');
    await window.notification(/Could not start/).waitFor();
    await window.page.locator('.squiggly-error').first().waitFor();
    const place = window.page.locator('.view-line', { hasText: 'units: -1' }).getByText('dense', { exact: true });
    await window.explains(place, /Expected units to be a positive integer/);
    expect(space.runs()).toEqual([]);
  });
});
