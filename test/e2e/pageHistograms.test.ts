// Histograms of weights and gradients on the run page: collapsed and open, at the step of the samples, and as lines
// are added.
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StepSummary } from '../../src/protocol/histograms';
import { noBrowser, setUpPageTests } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(
  noBrowser === '' ? 'weights and gradients' : `weights and gradients (${noBrowser})`,
  () => {
    const { replayRun, open, followRun } = setUpPageTests();
    const linesOf = (directory: string) =>
      readFileSync(path.join(directory, 'histograms.jsonl'), 'utf8').trimEnd().split('\n');

    test('are collapsed with both gradient norms in the title, open by keyboard, and remember that they are open', async () => {
      const opened = await open();
      const { page } = opened;
      const directory = replayRun('finished');
      await followRun(opened, directory);
      const summary = page.locator('.histograms summary');
      await summary.waitFor();
      expect(await summary.innerText()).toMatch(/Weights and gradients\s+‖∇‖ critic [\d.,e−]+, generator [\d.,e−]+/);
      expect(await page.locator('.histograms table').count()).toBe(0);
      await summary.focus();
      await page.keyboard.press('Enter');
      await page.locator('.histograms table').first().waitFor();
      expect(await opened.savedState()).toMatchObject({ histogramsOpen: true });

      const { layers } = JSON.parse(linesOf(directory).at(-1)!) as StepSummary;
      expect(await page.locator('.histograms tbody tr').count()).toBe(layers.length);
      for (const network of ['Critic', 'Generator']) {
        const table = page.getByRole('table', { name: network, exact: true });
        const names = layers.filter((layer) => layer.network === network.toLowerCase()).map(({ name }) => name);
        expect(await table.getByRole('rowheader').allInnerTexts()).toEqual(names);
        for (const name of names)
          for (const kind of ['Weights', 'Gradients']) {
            const image = table.getByRole('img', { name: `${kind} of ${name}: from` });
            expect(await image.getAttribute('aria-label')).toMatch(/: from [−\d.e]+ to [−\d.e]+, mean [−\d.e]+$/);
            expect(await image.locator('path').first().getAttribute('d')).toMatch(/^M[\d.]+ 32V/);
          }
      }
    });

    test('follow the sample slider and the latest line', async () => {
      const opened = await open('light', undefined);
      const { page } = opened;
      const directory = replayRun('finished');
      const lines = linesOf(directory);
      const last = lines.pop()!;
      writeFileSync(path.join(directory, 'histograms.jsonl'), `${lines.join('\n')}\n`);
      await followRun(opened, directory);
      await page.locator('.histograms summary').click();
      const description = page.locator('.histograms .description');
      const at = (line: string) =>
        description.getByText(`At step ${(JSON.parse(line) as StepSummary).step}.`).waitFor();
      await at(lines.at(-1)!);
      appendFileSync(path.join(directory, 'histograms.jsonl'), `${last}\n`);
      await at(last);
      await page.getByRole('slider', { name: 'Sample step' }).focus();
      await page.keyboard.press('Home');
      await at(lines[0]);
    });

    test('show vanished and non-finite gradients, escape names, and are hidden without a file', async () => {
      const opened = await open('hc-dark', undefined);
      const { page } = opened;
      const directory = replayRun('finished');
      const step = JSON.parse(linesOf(directory).at(-1)!) as StepSummary;
      const vanished = { min: 0, max: 0, mean: 0, norm: 0, counts: [9], bad: 0 };
      const [first, second, ...others] = step.layers;
      const hostile = '<img src=x onerror=alert(1)> \u202eexe';
      const layers = [
        { ...first, name: hostile, gradients: vanished },
        { ...second, gradients: null, weights: { ...vanished, bad: 3 } },
        ...others,
      ];
      writeFileSync(
        path.join(directory, 'histograms.jsonl'),
        `{"step":1,"layers":[{}]}\n${JSON.stringify({ ...step, layers })}\n{"st`,
      );
      await followRun(opened, directory);
      await page.locator('.histograms summary').click();
      const row = page.getByRole('row').filter({ hasText: '<img src=x onerror=alert(1)>' });
      expect(await row.locator('.norm span').innerText()).toBe('0');
      expect(await row.getByRole('rowheader').innerText()).not.toContain('\u202e');
      expect(await page.getByText('3 not finite').count()).toBe(1);
      expect(await page.locator('.histograms img').count()).toBe(0);
      rmSync(path.join(directory, 'histograms.jsonl'));
      await page.locator('.histograms').waitFor({ state: 'hidden' });
    });
  },
);
