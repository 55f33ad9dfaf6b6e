// The legend of sample plots, whose swatches have the colors of the plots in each theme.
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { noBrowser, setUpPageTests } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'sample plots' : `sample plots (${noBrowser})`, () => {
  const { replayRun, open, followRun } = setUpPageTests();

  test.each(['dark', 'light', 'hc-dark'] as const)('have a legend with their colors in the theme %s', async (theme) => {
    const opened = await open(theme);
    const { page } = opened;
    await followRun(opened, replayRun('finished'));
    const image = page.locator('.samples .sample-image').first();
    await image.locator('img').waitFor();
    const raw = async (locator: typeof image) =>
      sharp(await locator.screenshot())
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
    const { data: plot } = await raw(image);
    const entries = page.locator('.samples .plot-entry');
    expect(await entries.allTextContents()).toEqual(['Real', 'Generated', 'Critic low to high', 'Generator gradient']);
    for (const i of [0, 1]) {
      const { data, info } = await raw(entries.nth(i).locator('svg'));
      const at = 3 * (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2));
      const distances = Array.from({ length: plot.length / 3 }, (_, k) =>
        Math.max(...[0, 1, 2].map((c) => Math.abs(plot[3 * k + c] - data[at + c]))),
      );
      // Points are translucent and antialiased.
      expect(distances.reduce((a, b) => Math.min(a, b))).toBeLessThan(24);
      const ground = Math.abs(data[at] - data[0]) + Math.abs(data[at + 1] - data[1]) + Math.abs(data[at + 2] - data[2]);
      expect(ground).toBeGreaterThan(100);
    }
  });
});
