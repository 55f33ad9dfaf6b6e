// The layout of the run page at the widths of an editor beside side bars, with a long name.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { noBrowser, setUpPageTests } from './support/monitorPage';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

describe.skipIf(noBrowser !== '')(noBrowser === '' ? "the page's layout" : `the page's layout (${noBrowser})`, () => {
  const { replayRun, open, followRun, compare } = setUpPageTests();
  type Opened = Awaited<ReturnType<typeof open>>;
  const name = 'eight-gaussians-on-a-ring-with-gradient-penalty';

  function named(run: Parameters<typeof replayRun>[0]): string {
    const directory = replayRun(run);
    const file = path.join(directory, 'experiment.json');
    const text = readFileSync(file, 'utf8').replace(/,\s*"checksum": "[^"]*"/, '');
    writeFileSync(file, text.replace(/"name": "[^"]*"/g, `"name": "${name}"`));
    return directory;
  }
  const resize = async ({ page }: Opened, width: number, height: number) => {
    await page.setViewportSize({ width, height });
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
  };
  const box = ({ page }: Opened, selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((e: { getBoundingClientRect: () => Box }) => {
        const { left, right, top, bottom } = e.getBoundingClientRect();
        return { left, right, top, bottom };
      });
  /** What is wider than the page, or reaches beyond its edge. */
  const overflowing = ({ page }: Opened) =>
    page.evaluate(`[...document.querySelectorAll('body, header *, main *')]
      .filter((e) => e.checkVisibility() && !e.closest('.visually-hidden, svg, .uplot, pre'))
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
      .map((e) => e.className || e.localName)`);

  test('shows chart and samples on one screen beside side bars, and nothing is cut or scrolls sideways', async () => {
    const opened = await open();
    await followRun(opened, named('running'));
    await opened.page.locator('.samples .sample-image img').waitFor();
    for (const [width, height] of [
      [260, 800],
      [312, 800],
      [312, 700],
      [460, 800],
      [660, 800],
      [1320, 800],
    ]) {
      await resize(opened, width, height);
      const scrolled = await opened.page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      );
      expect([width, await overflowing(opened)]).toEqual([width, []]);
      expect([width, scrolled]).toEqual([width, [width, width]]);
      if (width < 312) continue;
      for (const selector of ['.chart.main', '.samples']) {
        const { top, bottom } = await box(opened, selector);
        expect([width, selector, top >= 0 && bottom <= height]).toEqual([width, selector, true]);
      }
    }
  });

  test('has a header of two lines in a narrow editor, with every action at hand', async () => {
    const opened = await open();
    const { page, postedMessages } = opened;
    await followRun(opened, named('running'));
    await resize(opened, 312, 800);
    const header = await box(opened, 'header');
    expect(header.bottom - header.top).toBeLessThan(72);
    for (const label of ['Pause', 'Stop', 'Save checkpoint', 'Generate samples', 'More actions']) {
      const button = page.getByRole('button', { name: label });
      expect(await button.getAttribute('title')).not.toBe('');
      const { right } = await box(opened, `[aria-label="${label}"]`);
      expect([label, right <= 312]).toEqual([label, true]);
    }
    const more = page.getByRole('button', { name: 'More actions' });
    const log = page.getByRole('button', { name: 'Open log' });
    await more.click();
    await page.locator('.files .text').getByText('Open log', { exact: true }).waitFor();
    await log.click();
    expect(await postedMessages()).toContainEqual({ type: 'openLog' });
    await log.waitFor({ state: 'hidden' });
    for (const leave of [
      () => page.keyboard.press('Escape'),
      () => page.locator('.facts').click({ position: { x: 2, y: 2 } }),
      () => page.getByRole('button', { name: 'Pause' }).focus(),
      () => page.evaluate("window.dispatchEvent(new Event('blur'))"),
    ]) {
      await more.click();
      await log.waitFor();
      await leave();
      await log.waitFor({ state: 'hidden' });
    }
    await page.getByRole('button', { name: 'Chart options' }).click();
    await page.getByRole('combobox', { name: 'Smoothing' }).selectOption('11');
    // Charts are drawn again with the options still open.
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('relative');
    await page.getByRole('slider', { name: 'K·W by time' }).waitFor();
    await page.getByRole('button', { name: 'Chart options' }).press('Escape');
    await page.getByRole('combobox', { name: 'X axis' }).waitFor({ state: 'hidden' });
  });

  test.each([312, 660, 1320])('stays still when the run is paused, stepped and resumed, at %d px', async (width) => {
    const opened = await open();
    const { page, send } = opened;
    const directory = replayRun('running');
    await followRun(opened, directory);
    await resize(opened, width, 800);
    await page.locator('.samples .sample-image img').waitFor();
    const state = (text: string) => page.getByRole('status').first().getByText(text, { exact: true }).waitFor();
    const places = async () => {
      const selectors = ['h1', '.facts', '.stop', '.stat-cards', '.explanation', '.chart.main', '.samples'];
      const found = [...selectors, '.small', '.latents', '.log'];
      const boxes = await Promise.all(
        found.map(async (selector) => {
          const { left, top } = await box(opened, selector);
          return [selector, left, top];
        }),
      );
      return [...boxes, await page.evaluate('[scrollY, document.documentElement.scrollHeight]')];
    };
    const image = await page.locator('.samples img').first().getAttribute('src');
    const file = path.join(directory, 'status.json');
    const record = (now: 'paused' | 'running') => {
      const status = JSON.parse(readFileSync(file, 'utf8')) as { updatedAt: number };
      writeFileSync(file, JSON.stringify({ ...status, state: now, updatedAt: status.updatedAt + 1 }));
    };
    const stays = async () => {
      const before = await places();
      record('paused');
      await state('Paused');
      await page.getByRole('button', { name: 'Critic step' }).waitFor();
      await expect.poll(places).toEqual(before);
      const position = { step: 201, network: 'critic', criticUpdatesDone: 2, criticUpdatesTotal: 5 } as const;
      const values = { criticLoss: -1.5, generatorLoss: 0.25, estimate: 1.25, penalty: 0.5, gradientNorm: 1 };
      await send({ type: 'live', live: { ...position, values, uri: `${image}&live` } });
      await page.locator('.samples .readout').getByText('critic update 2 of 5').waitFor();
      await page.getByRole('img', { name: /^Live samples/ }).waitFor();
      await expect.poll(places).toEqual(before);
      await send({ type: 'live', live: null });
      record('running');
      await state('Running');
      await page.getByRole('button', { name: 'Critic step' }).waitFor({ state: 'hidden' });
      await page.getByRole('img', { name: /^Samples at/ }).waitFor();
      await expect.poll(places).toEqual(before);
    };
    await stays();
    await page.evaluate('scrollTo(0, 1e6)');
    await stays();
  });

  test('shows what changes while stepping manually', async () => {
    const opened = await open();
    await followRun(opened, named('paused'));
    const { page } = opened;
    for (const width of [312, 460]) {
      await resize(opened, width, 800);
      // The bar is one line, below the samples with their slider, and hides none of them.
      const bar = await box(opened, '.manual-stepping');
      expect([width, bar.bottom - bar.top < 45, bar.bottom <= 800]).toEqual([width, true, true]);
      for (const selector of ['.samples', '.chart.main']) {
        const { top, bottom } = await box(opened, selector);
        expect([width, selector, top >= 0 && bottom <= bar.top]).toEqual([width, selector, true]);
      }
      const more = page.getByRole('button', { name: 'Slow motion and values' });
      const slow = page.getByRole('button', { name: 'Slow motion', exact: true });
      expect(await slow.isVisible()).toBe(false);
      await more.click();
      await slow.waitFor();
      expect(await overflowing(opened)).toEqual([]);
      await more.click();
      await slow.waitFor({ state: 'hidden' });
    }
  });

  test.each(['running', 'finished'] as const)('explains the main curve before it is seen, %s', async (run) => {
    const opened = await open();
    await followRun(opened, named(run));
    for (const width of [312, 460, 1320]) {
      await resize(opened, width, 800);
      const note = await box(opened, '.chart.main .note');
      const plot = await box(opened, '.chart.main .plot');
      expect([width, note.top > 0 && note.bottom <= plot.top, plot.bottom < 800]).toEqual([width, true, true]);
    }
  });

  test('draws plots of points on the ground of the theme', async () => {
    const opened = await open('hc-dark');
    await followRun(opened, replayRun('running'));
    const image = opened.page.locator('.samples .sample-image').first();
    await image.locator('img').waitFor();
    const bytes = await image.screenshot();
    // The margin of the plot, near its upper left corner, is white in the file.
    const { default: sharp } = await import('sharp');
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const at = (4 * info.width + 4) * info.channels;
    expect([...data.subarray(at, at + 3)]).toEqual([0, 0, 0]);
  });

  test('cuts the name of a fork, not the step that tells it from its parent', async () => {
    const opened = await open();
    const directory = named('running');
    const file = path.join(directory, 'experiment.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    const parent = { directory: '/w/.earthmover/runs/20240109-080706-ring', step: 12_000, sha256: '' };
    writeFileSync(file, JSON.stringify({ ...manifest, parent }));
    await followRun(opened, directory);
    await opened.page.locator('h1 .fork').getByText('fork at 12,000').waitFor();
    for (const width of [312, 460, 1320]) {
      await resize(opened, width, 800);
      const [fork, title, buttons] = [
        await box(opened, 'h1 .fork'),
        await box(opened, 'h1'),
        await box(opened, 'header .controls'),
      ];
      expect([width, fork.right <= title.right + 0.5, title.right <= buttons.left]).toEqual([width, true, true]);
      expect([width, await overflowing(opened)]).toEqual([width, []]);
    }
  });

  test('of a comparison has no sideways scroll either', async () => {
    const opened = await open();
    compare(opened, [named('seed-1'), named('clipped')]);
    await opened.page.getByRole('columnheader').first().waitFor();
    for (const width of [260, 312, 460, 1320]) {
      await resize(opened, width, 800);
      expect(
        await opened.page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
      ).toBe(true);
    }
  });
});
