// A run that is stepped by hand from the monitor's page: a real trainer, and what the user sees of each update.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkFromPage } from '../../src/protocol/monitorChecks';
import { sendCommand } from '../../src/run/control';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { trainer } from '../../scripts/lib/recordings.mjs';
import { noBrowser, pageBench } from './support/monitorPage';

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

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a run by hand' : `a run by hand (${noBrowser})`, () => {
  const { lay, open, watch } = pageBench();
  type PageOf = OpenedPage['page'];

  let begun = 0;
  /** A trainer at work, and its page, whose wishes it hears as from the extension. */
  async function paused(language = 'en') {
    const folder = path.dirname(lay('starting'));
    const directory = path.join(folder, `by-hand-${(begun += 1)}`);
    const file = path.join(folder, `by-hand-${begun}.gan.json`);
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
    sendCommand(directory, 'pause');
    await run.when(
      'it pauses',
      ({ state }) => state === 'paused',
      () => {},
    );
    const opened = await open('dark', undefined, language);
    let on = true;
    let heard = 0;
    const hearing = (async () => {
      for (; on; await sleep(20)) {
        const posted = await opened.posted();
        for (const value of posted.slice(heard)) {
          const message = checkFromPage(value);
          if ('problem' in message) throw new Error(message.problem);
          if (message.value.type === 'control') sendCommand(directory, message.value.command);
          if (message.value.type === 'slowMotion')
            sendCommand(directory, { kind: 'slow-motion', rate: message.value.rate });
        }
        heard = posted.length;
      }
    })();
    onTestFinished(async () => {
      on = false;
      await hearing;
    });
    await watch(opened, directory);
    return { ...opened, directory };
  }

  const button = (page: PageOf, name: string) => page.getByRole('button', { name, exact: true });
  const place = (page: PageOf) => page.locator('.manual-stepping .step-position');
  /** The row and the picture say the same. */
  const at = async (page: PageOf, text: string) => {
    await place(page).getByText(text, { exact: true }).waitFor();
    await page.getByRole('img', { name: `Live samples, ${text}`, exact: true }).waitFor();
  };
  const stepOf = async (page: PageOf): Promise<number> => {
    await page
      .getByText(/^step [\d,]+$/)
      .first()
      .waitFor();
    return Number((await place(page).textContent())?.replace(/\D/g, ''));
  };

  test('goes on an update at a time, and says where it is', async () => {
    const { page, posted } = await paused();
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

    // From the middle of a step to the middle of the next.
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
    const { length } = await posted();
    await page.locator('.critic-step').click({ force: true });
    expect(await posted()).toHaveLength(length);
    await button(page, 'Generator step').click();
    await at(page, words(step + 2));
    await page.locator('.critic-step:not([aria-disabled])').waitFor();
  });

  test('goes on slowly, while older pictures can be looked at, and comes back to the newest', async () => {
    const { page } = await paused();
    const step = await stepOf(page);
    await page.getByRole('combobox', { name: 'Updates per second in slow motion' }).selectOption('10');
    const slow = button(page, 'Slow motion');
    await slow.click();
    await page.locator('.manual-stepping [aria-pressed="true"]').waitFor();
    await page.getByRole('status').first().getByText('Running', { exact: true }).waitFor();
    // An update at this rate may be gone before anybody has read of it.
    await expect
      .poll(async () => Number(/^step ([\d,]+)/.exec((await place(page).textContent()) ?? '')?.[1].replace(',', '')), {
        timeout: 10_000,
      })
      .toBeGreaterThan(step + 2);

    await button(page, 'Previous samples').click();
    const kept = page.getByRole('img', { name: /^Samples at step \d+$/ });
    await kept.waitFor();
    const before = await place(page).textContent();
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

  test('by the keyboard alone, and in German', async () => {
    const { page } = await paused('de');
    const bar = page.getByRole('toolbar', { name: 'Einzelschritte', exact: true });
    await bar.waitFor();
    await button(page, 'Kritiker-Schritt').focus();
    await page.keyboard.press('Enter');
    await place(page)
      .getByText(/^Schritt [\d.]+ · Kritiker-Update 1 von 3$/)
      .waitFor();
    await page.keyboard.press('ArrowRight');
    expect(
      await page.evaluate(
        () =>
          (globalThis as unknown as { document: { activeElement: { ariaLabel: string } } }).document.activeElement
            .ariaLabel,
      ),
    ).toBe('Generator-Schritt');
    await page.keyboard.press('Enter');
    await place(page)
      .getByText(/^Schritt [\d.]+$/)
      .waitFor();
    // A screen reader is told what the picture shows.
    await page
      .getByRole('log')
      .getByText(/^Schritt [\d.]+, /)
      .waitFor();
  });
});
