// The latent explorer in a plain browser: its requests are answered by the command line, like in the editor.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { latentArguments, type LatentRequest } from '../../src/protocol/latents';
import { checkFromPage } from '../../src/protocol/monitorChecks';
import { eventually } from './support/eventually';
import { noBrowser, setUpPageTests } from './support/monitorPage';

const cli = path.resolve(__dirname, '../../dist/cli.cjs');

describe.skipIf(noBrowser !== '')(
  noBrowser === '' ? 'the latent explorer' : `the latent explorer (${noBrowser})`,
  () => {
    const { replayRun, file, open, followRun } = setUpPageTests();
    type Opened = Awaited<ReturnType<typeof open>>;

    /** The request that the page posts next. */
    async function requested({ postedMessages }: Opened, number: number): Promise<LatentRequest> {
      const requests = await eventually(
        `the page posts request ${number}`,
        async () =>
          (await postedMessages()).flatMap((value) => {
            const message = checkFromPage(value);
            return 'value' in message && message.value.type === 'explore' ? [message.value.request] : [];
          }),
        (all) => all.length === number,
      );
      return requests[number - 1];
    }
    /** Answers a request from the checkpoints of a recording. */
    async function answer(opened: Opened, run: Parameters<typeof file>[0], request: LatentRequest) {
      const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-latents-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const [command, ...options] = latentArguments(request);
      const out = path.join(folder, 'samples');
      const args = [cli, command, file(run), ...options, '--out', out, '--json'];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { step } = JSON.parse(stdout) as { step: number };
      const type = request.kind === 'gif' ? 'gif' : 'png';
      const uri = `data:image/${type};base64,${readFileSync(out).toString('base64')}`;
      await opened.send({ type: 'explored', answer: { uri, step, problem: null } });
      return step;
    }

    test('generates samples of an image run, and interpolates between two that are selected', async () => {
      const opened = await open();
      const { page, send } = opened;
      await followRun(opened, replayRun('digits'));
      await page.locator('summary', { hasText: 'Latent explorer' }).click();
      // Each setting says what it means, where it is.
      for (const [name, text] of [
        ['Truncation', 'Latent values beyond this limit are drawn again'],
        ['Distance', 'How far a neighbor is from the sample of the seed'],
        ['Up to step', 'The last checkpoint at or before this step'],
      ]) {
        const field = page.getByRole('spinbutton', { name });
        const hint = page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`);
        expect(await hint.textContent()).toContain(text);
        expect(await hint.isVisible()).toBe(true);
      }
      await page.getByRole('spinbutton', { name: 'Seed', exact: true }).fill('32');
      await page.getByRole('spinbutton', { name: 'Truncation' }).fill('0.8');
      const button = (name: string) => page.getByRole('button', { name, exact: true });
      await button('Samples').click();
      const first = await requested(opened, 1);
      expect(first).toMatchObject({ kind: 'samples', seed: 32, count: 16, truncation: 0.8, step: null });
      expect(await answer(opened, 'digits', first)).toBe(80);
      const image = page.getByRole('img', { name: 'Generated samples, step 80 · seeds 32 to 47' });
      await image.waitFor();
      const { width, height } = (await image.boundingBox())!;
      // The samples in the first row, second column, and in the last row and column.
      await image.click({ position: { x: 0.4 * width, y: 0.1 * height } });
      await page.getByText('From seed 33.').waitFor();
      await image.click({ position: { x: 0.95 * width, y: 0.95 * height } });
      await page.getByText('To seed 47.').waitFor();
      await button('Interpolation').click();
      const second = await requested(opened, 2);
      expect(second).toMatchObject({ kind: 'strip', seed: 33, to: 47 });
      await answer(opened, 'digits', second);
      await page.getByRole('img', { name: 'step 80 · from seed 33 to seed 47' }).waitFor();
      await button('GIF').click();
      await answer(opened, 'digits', await requested(opened, 3));
      await page.locator('.latent-explorer img[src^="data:image/gif"]').waitFor();
      await button('Neighborhood').click();
      const near = await requested(opened, 4);
      expect(near).toMatchObject({ kind: 'near', seed: 33, distance: 0.2 });

      // What cannot be generated says why.
      await send({
        type: 'explored',
        answer: { uri: null, step: null, problem: 'It has not saved a checkpoint yet.' },
      });
      await page.getByText('It has not saved a checkpoint yet.').first().waitFor();
    });

    test('plots the samples of a run on points, and the path of an interpolation', async () => {
      const opened = await open('light', undefined, 'de');
      const { page } = opened;
      await followRun(opened, replayRun('running'));
      await page.locator('summary', { hasText: 'Latent-Explorer' }).click();
      await page.getByRole('spinbutton', { name: 'Bis Schritt' }).fill('250');
      await page.getByRole('button', { name: 'Stichproben', exact: true }).click();
      const request = await requested(opened, 1);
      expect(request).toMatchObject({ kind: 'samples', step: 250 });
      await answer(opened, 'finished', { ...request, step: null });
      await page.getByRole('img', { name: 'Stichproben, Schritt 300' }).waitFor();
      await page.getByRole('spinbutton', { name: 'Bis Seed' }).fill('7');
      await page.getByRole('button', { name: 'Interpolation', exact: true }).click();
      const path = await requested(opened, 2);
      expect(path).toMatchObject({ kind: 'strip', seed: 0, to: 7, count: 32, step: 250 });
      await answer(opened, 'finished', { ...path, step: null, count: 4 });
      await page.getByRole('img', { name: 'von Seed 0 bis Seed 7' }).waitFor();
    });
  },
);
