// Reproductions and distances in VS Code: a study is run, stopped, continued elsewhere and found again after a reload.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { studies } from '../../src/catalog';
import type { StudyProgress } from '../../src/protocol/reproductions';
import { eventually } from './support/eventually';
import { inVsCode } from './support/inVsCode';
import { processesOf } from './support/processes';

inVsCode('the papers', {}, (open) => {
  test('their claims are reproduced, stopped, and restored after a reload', { timeout: 240_000 }, async () => {
    const { window, space } = await open({ 'README.md': '# Empty\n' });
    const { monitor } = window;
    const study = (id: keyof typeof studies) => monitor.frame.getByRole('region', { name: studies[id].title });
    const folder = (id: keyof typeof studies) => path.join(space.folder, '.earthmover', 'reproductions', id);
    const progress = () =>
      JSON.parse(readFileSync(path.join(folder('parallel-lines'), 'progress.json'), 'utf8')) as StudyProgress;

    await window.command('Earthmover: Reproduce a Claim of the Papers');
    await study('distances')
      .getByRole('button', { name: /^Reproduce/ })
      .click();
    const holds = async () => {
      await study('distances').getByText('Holds here').waitFor();
      const figure = study('distances').getByRole('img');
      const width = () => figure.evaluate((image: { naturalWidth: number }) => image.naturalWidth);
      await eventually('the figure is loaded', width, (pixels) => pixels > 100);
    };
    await holds();

    await study('parallel-lines')
      .getByRole('button', { name: /^Reproduce/ })
      .click();
    await study('parallel-lines')
      .getByText(/Training 1 of \d+: .* · step [1-9]/)
      .waitFor();
    await study('parallel-lines').getByRole('button', { name: /^Stop/ }).click();
    await study('parallel-lines').getByText('Interrupted').waitFor();
    expect(progress().state).toBe('interrupted');
    await eventually(
      'its process has exited',
      () => processesOf(space.folder).length,
      (count) => count === 0,
    );
    expect(existsSync(path.join(folder('parallel-lines'), 'result.json'))).toBe(false);

    await window.reload();
    await holds();
    await window.command('Earthmover: Explore Distances between Distributions');
    await window.tab('Distances').waitFor();
    await monitor.frame.getByRole('slider', { name: 'Move q' }).press('PageUp');
    await monitor.frame.getByRole('row', { name: 'W₁ 2.500' }).waitFor();

    await window.command('Earthmover: Reproduce a Claim of the Papers');
    await study('parallel-lines').getByText('Interrupted').waitFor();
    await study('parallel-lines')
      .getByText(/^Trainings/)
      .click();
    await study('parallel-lines')
      .getByRole('button', { name: /, seed 1$/ })
      .first()
      .click();
    await window.tab(progress().trainings[0].name).waitFor();
  });
});
