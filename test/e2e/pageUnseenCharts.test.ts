// Charts that are out of view are not drawn, but their texts are those of the curves.
import { describe, expect, test } from 'vitest';
import { noBrowser, setUpPageTests, waitForRows } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'charts' : `charts (${noBrowser})`, () => {
  const { replayRun, open, followRun, appendRows } = setUpPageTests();

  test('out of view have the text of their curves, also after they grow', async () => {
    const opened = await open();
    const { page } = opened;
    await page.setViewportSize({ width: 312, height: 400 });
    const directory = replayRun('running');
    const { count } = await followRun(opened, directory);
    const chartOf = (name: string) =>
      page.locator('.chart').filter({ has: page.getByRole('slider', { name: `${name} by step` }) });
    const top = () =>
      chartOf('Modes').evaluate((e: { getBoundingClientRect: () => { top: number } }) => e.getBoundingClientRect().top);
    expect(await top()).toBeGreaterThan(800);
    const valueText = () => chartOf('Modes').getByRole('slider').getAttribute('aria-valuetext');
    await expect.poll(valueText, { timeout: 10_000 }).toMatch(new RegExp(`^step ${count}: modes \\d`));
    await appendRows(directory, 20);
    await waitForRows(page, count + 20);
    await expect.poll(valueText, { timeout: 10_000 }).toMatch(new RegExp(`^step ${count + 20}: modes \\d`));
    expect(await chartOf('Penalty').locator('p.visually-hidden').textContent()).toMatch(
      new RegExp(`^steps 1 to ${count + 20}\\. Penalty: last [\\d.]+, between [\\d.]+ and [\\d.]+\\.$`),
    );
    expect(await top()).toBeGreaterThan(800);
  });
});
