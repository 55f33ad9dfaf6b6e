// Manual stepping from the run page, with a real trainer.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkFromPage } from '../../src/protocol/monitorChecks';
import { sendCommand } from '../../src/run/control';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { trainer } from '../../scripts/lib/recordings.mjs';
import { noBrowser, setUpPageTests } from './support/monitorPage';

const experiment = {
  data: { source: 'gaussians-ring', modes: 8 },
  latent: { size: 2 },
  generator: { network: 'mlp', depth: 1, width: 32 },
  critic: { network: 'mlp', depth: 1, width: 32 },
  criticSteps: 3,
  batchSize: 32,
  steps: 1_000_000,
  samples: { every: 50 },
  checkpoints: { every: 1_000_000 },
};

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'manual stepping' : `manual stepping (${noBrowser})`, () => {
  const { replayRun, open, followRun } = setUpPageTests();
  type PageOf = OpenedPage['page'];

  let started = 0;
  /**
   * Starts and pauses a trainer and opens its page, forwarding the page's messages to the trainer like the extension.
   */
  async function paused(language = 'en') {
    const folder = path.dirname(replayRun('starting'));
    const directory = path.join(folder, `manual-${(started += 1)}`);
    const file = path.join(folder, `manual-${started}.gan.json`);
    writeFileSync(file, JSON.stringify(experiment));
    const run = trainer(directory, 'train', file, '--out', directory);
    onTestFinished(async () => {
      run.interrupt();
      await run.end('interrupted');
    });
    await run.when(
      'it runs',
      ({ state, step }) => state === 'running' && step >= 50,
      () => {},
    );
    await sendCommand(directory, 'pause');
    await run.when(
      'it pauses',
      ({ state }) => state === 'paused',
      () => {},
    );
    const opened = await open('dark', undefined, language);
    let forwarding = true;
    let forwarded = 0;
    const forwardingDone = (async () => {
      for (; forwarding; await sleep(20)) {
        const postedMessages = await opened.postedMessages();
        for (const value of postedMessages.slice(forwarded)) {
          const message = checkFromPage(value);
          if ('problem' in message) throw new Error(message.problem);
          if (message.value.type === 'control') await sendCommand(directory, message.value.command);
          if (message.value.type === 'slowMotion')
            await sendCommand(directory, { kind: 'slow-motion', rate: message.value.rate });
        }
        forwarded = postedMessages.length;
      }
    })();
    onTestFinished(async () => {
      forwarding = false;
      await forwardingDone;
    });
    await followRun(opened, directory);
    return { ...opened, directory };
  }

  const button = (page: PageOf, name: string) => page.getByRole('button', { name, exact: true });
  const position = (page: PageOf) => page.locator('.manual-stepping .step-position');
  /** Waits until the toolbar and the image show the position. */
  const at = async (page: PageOf, text: string) => {
    await position(page).getByText(text, { exact: true }).waitFor();
    await page.getByRole('img', { name: `Live samples, ${text}`, exact: true }).waitFor();
  };
  const stepOf = async (page: PageOf): Promise<number> => {
    await page
      .getByText(/^step [\d,]+$/)
      .first()
      .waitFor();
    return Number((await position(page).textContent())?.replace(/\D/g, ''));
  };

  test('runs single updates and shows the position', async () => {
    const { page, postedMessages } = await paused();
    const step = await stepOf(page);
    const words = (n: number) => `step ${n.toLocaleString('en')}`;
    await at(page, words(step));
    await button(page, 'Critic step').click();
    await at(page, `${words(step + 1)} · critic update 1 of 3`);
    await page
      .locator('.update-values')
      .getByText(/^critic loss −?\d/)
      .waitFor();
    await page.getByText(`live · ${words(step + 1)} · critic update 1 of 3`, { exact: true }).waitFor();

    // From within a step to the same position in the next.
    await button(page, 'Step').click();
    await at(page, `${words(step + 2)} · critic update 1 of 3`);
    for (const made of [2, 3]) {
      await button(page, 'Critic step').click();
      await at(page, `${words(step + 2)} · critic update ${made} of 3`);
    }
    await page.locator('.critic-step[aria-disabled="true"]').waitFor();
    expect(await page.locator('.critic-step').getAttribute('title')).toBe(
      'All critic updates of this step are done; the generator update comes next.',
    );
    const { length } = await postedMessages();
    await page.locator('.critic-step').click({ force: true });
    expect(await postedMessages()).toHaveLength(length);
    await button(page, 'Generator step').click();
    await at(page, words(step + 2));
    await page.locator('.critic-step:not([aria-disabled])').waitFor();
  });

  test('runs in slow motion, shows earlier samples on request, and returns to the live preview', async () => {
    const { page } = await paused();
    const step = await stepOf(page);
    await page.getByRole('combobox', { name: 'Updates per second in slow motion' }).selectOption('10');
    const slow = button(page, 'Slow motion');
    await slow.click();
    await page.locator('.manual-stepping [aria-pressed="true"]').waitFor();
    await page.getByRole('status').first().getByText('Running', { exact: true }).waitFor();
    // At this rate, single updates may be missed.
    await expect
      .poll(
        async () => Number(/^step ([\d,]+)/.exec((await position(page).textContent()) ?? '')?.[1].replace(',', '')),
        {
          timeout: 10_000,
        },
      )
      .toBeGreaterThan(step + 2);

    await button(page, 'Previous samples').click();
    const kept = page.getByRole('img', { name: /^Samples at step [\d,]+$/ });
    await kept.waitFor();
    const before = await position(page).textContent();
    await page.waitForFunction(
      (text) =>
        (
          globalThis as unknown as { document: { querySelector: (s: string) => { textContent: string } } }
        ).document.querySelector('.manual-stepping .step-position').textContent !== text,
      before,
    );
    expect(await kept.count()).toBe(1);
    await page.getByRole('checkbox', { name: 'Follow latest' }).click();
    await page.getByRole('img', { name: /^Live samples/ }).waitFor();

    await slow.click();
    await page.getByRole('status').first().getByText('Paused', { exact: true }).waitFor();
    expect(await slow.getAttribute('aria-pressed')).toBe('false');
    await button(page, 'Resume').click();
    await page.locator('.manual-stepping').waitFor({ state: 'hidden' });
    await kept.waitFor();
    expect(await page.getByRole('img', { name: /^Live samples/ }).count()).toBe(0);
  });

  test('works by keyboard and in German', async () => {
    const { page } = await paused('de');
    const bar = page.getByRole('toolbar', { name: 'Einzelschritte', exact: true });
    await bar.waitFor();
    await button(page, 'Kritikerschritt').focus();
    await page.keyboard.press('Enter');
    await position(page)
      .getByText(/^Schritt [\d.]+ · Kritikerupdate 1 von 3$/)
      .waitFor();
    await page.keyboard.press('ArrowRight');
    expect(
      await page.evaluate(
        () =>
          (globalThis as unknown as { document: { activeElement: { ariaLabel: string } } }).document.activeElement
            .ariaLabel,
      ),
    ).toBe('Generatorschritt');
    await page.keyboard.press('Enter');
    await position(page)
      .getByText(/^Schritt [\d.]+$/)
      .waitFor();
    // The position is announced to screen readers.
    await page
      .getByRole('log')
      .getByText(/^Schritt [\d.]+, /)
      .waitFor();
  });
});
