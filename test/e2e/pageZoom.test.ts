// Zooming charts and moving along them, in a plain browser, with recorded runs.
import { describe, expect, test } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { eventually } from './support/eventually';
import { noBrowser, setUpPageTests, waitForRows } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'zoomed charts' : `zoomed charts (${noBrowser})`, () => {
  const { replayRun, open, followRun, appendRows } = setUpPageTests();
  type PageOf = OpenedPage['page'];
  const pixels = (page: PageOf) =>
    page.locator('.chart.main canvas').evaluate((canvas: { toDataURL: () => string }) => canvas.toDataURL());
  const button = (page: PageOf, name: string) => page.getByRole('button', { name, exact: true });

  test('keeps its zoom while the curve grows and across a reload', async () => {
    const directory = replayRun('running');
    // Automatic smoothing changes with the length of the curve.
    const first = await open('dark', { id: directory, window: 11 });
    const { page } = first;
    const { count } = await followRun(first, directory);
    const plot = await page.locator('.chart.main .u-over').boundingBox();
    if (plot === null) throw new Error('the chart is not there');
    const at = (share: number) => [plot.x + share * plot.width, plot.y + 50] as const;
    await page.mouse.move(...at(0.25));
    await page.mouse.down();
    await page.mouse.move(...at(0.5), { steps: 5 });
    await page.mouse.up();
    await button(page, 'Show all').waitFor();
    const { zoom } = (await first.savedState()) as { zoom: [number, number] };
    expect(zoom[0] / count).toBeCloseTo(0.25, 1);
    expect(zoom[1] / count).toBeCloseTo(0.5, 1);

    await page.mouse.move(0, 0);
    const before = await pixels(page);
    await appendRows(directory, 40);
    await waitForRows(page, count + 40);
    expect(await pixels(page)).toBe(before);

    const second = await open('dark', await first.savedState());
    await followRun(second, directory);
    await second.page.getByText(`steps ${Math.ceil(zoom[0])} to ${Math.floor(zoom[1])}`, { exact: true }).waitFor();
    await second.page.locator('.chart.main .u-over').dblclick();
    await button(second.page, 'Show all').waitFor({ state: 'hidden' });
    expect(await second.savedState()).toMatchObject({ id: directory, zoom: null });
  });

  test('scales with Ctrl and the wheel, and moves along the curves by wheel, drag and keyboard', async () => {
    const opened = await open();
    const { page } = opened;
    const { count } = await followRun(opened, replayRun('running'));
    const over = page.locator('.chart.main .u-over');
    const plot = await over.boundingBox();
    if (plot === null) throw new Error('the chart is not there');
    const middle = [plot.x + plot.width / 2, plot.y + 50] as const;
    const zoom = async () => ((await opened.savedState()) as { zoom: [number, number] | null }).zoom;
    const moved = async (what: string, holds: (from: number, to: number) => boolean) => {
      const now = await eventually(what, zoom, (range) => range !== null && holds(...range));
      expect(now![1] - now![0]).toBeCloseTo(width, 6);
      return now!;
    };
    await page.mouse.move(...middle);
    await page.mouse.wheel(40, 0);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -400);
    await page.keyboard.up('Control');
    const [from, to] = (await eventually('the curves are scaled', zoom, (range) => range !== null))!;
    const width = to - from;
    expect(width / count).toBeCloseTo(0.25, 1);
    expect((from + to) / 2 / count).toBeCloseTo(0.5, 1);

    await page.mouse.wheel(plot.width / 2, 0);
    const byWheel = await moved('the wheel moves them', (first) => first > from);
    expect((byWheel[0] - from) / width).toBeCloseTo(0.5, 1);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(middle[0] + plot.width / 4, middle[1], { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    const byDrag = await moved('the drag moves them', (first) => first < byWheel[0]);
    expect((byWheel[0] - byDrag[0]) / width).toBeCloseTo(0.25, 1);
    const chart = page.getByRole('slider', { name: 'K·W by step' });
    await chart.press('End');
    await chart.press('ArrowRight');
    await moved('the cursor takes them along', (_, last) => last > byDrag[1]);
    await page.mouse.move(...middle);
    await page.mouse.wheel(-100 * plot.width, 0);
    expect((await moved('the wheel ends at the first step', (first) => first < from))[0]).toBe(1);
  });
});
