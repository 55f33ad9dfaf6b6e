// The monitor's comparison in a plain browser: curves over each other, bands over seeds, a table, and what a reload keeps.
import { describe, expect, test } from 'vitest';
import type { MonitorState, ToPage } from '../../src/protocol/monitor';
import { has, noBrowser, pageBench, rows, running } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a comparison' : `a comparison (${noBrowser})`, () => {
  const { open, state } = pageBench();

  const run = (id: string, seed: number, lambda: string, scale: number, change: Partial<MonitorState> = {}): ToPage => {
    const settings = Object.entries({ 'data.source': 'ring', 'constraint.0.lambda': lambda, seed: String(seed) });
    return { type: 'of', id, message: { type: 'state', state: state({ id, name: 'ring', directory: id, seed, rows: rows(1, 1000, scale), settings: settings.map(([key, value]) => ({ key, value, said: null })), ...change }) } }; // prettier-ignore
  };
  const listed = (...ids: string[]): ToPage => ({
    type: 'comparison',
    runs: ids.map((id) => ({ id, name: id.slice(6) })),
  });

  async function compared(memory?: unknown) {
    const opened = await open('dark', memory);
    await opened.send(listed('/runs/a', '/runs/b', '/runs/c'));
    await opened.page.getByText('Reading 3 of 3').waitFor();
    await opened.send(run('/runs/a', 1, '0.1', 1));
    await opened.send(run('/runs/b', 2, '0.1', 3));
    await opened.send(run('/runs/c', 1, '10', 5, { status: { ...running, state: 'finished' }, liveness: 'ended' }));
    await has(opened.page, 1000);
    return opened;
  }
  const cells = async ({ page }: Awaited<ReturnType<typeof compared>>, head: string) =>
    page
      .getByRole('row', { name: new RegExp(`^${head} `) })
      .getByRole('cell')
      .allTextContents();

  test('puts seeds together, and lays last values and what differs side by side', async () => {
    const opened = await compared();
    const { page, send } = opened;
    await page.getByText('2 still training').waitFor();
    const heads = await page.getByRole('columnheader').allTextContents();
    expect(heads.map((head) => head.trim())).toEqual(['lambda 0.1seed 1seed 2', 'lambda 10']);
    expect(await cells(opened, 'State')).toEqual(['Running', 'Finished']);
    expect(await cells(opened, 'constraint.0.lambda')).toEqual(['0.1', '10']);
    expect(await page.getByRole('row', { name: /^data\.source/ }).count()).toBe(0);
    expect(await cells(opened, 'W1')).toEqual(['1.000 (0.5000 to 1.500)', '2.500']);

    await page.getByRole('button', { name: 'All', exact: true }).click();
    expect(await cells(opened, 'data.source')).toEqual(['ring', 'ring']);
    await send({ type: 'of', id: '/runs/b', message: { type: 'rows', rows: rows(1001, 1200, 3) } });
    await has(page, 1200);
    await send({ type: 'of', id: '/runs/b', message: { type: 'status', status: { ...running, state: 'paused' }, liveness: 'alive' } }); // prettier-ignore
    await page.getByRole('cell', { name: 'Running, Paused' }).waitFor();
  });

  test('is looked at by keyboard, and comes back after a reload as it was left', async () => {
    const first = await compared();
    const chart = first.page.getByRole('slider', { name: 'K·W by step' });
    await chart.focus();
    await first.page.keyboard.press('Home');
    await first.page.getByText('step 1', { exact: true }).waitFor();
    // The median of the seeds' medians at the first step: half of 2 · 1 and 2 · 3, about.
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^step 1: lambda 0\.1 3\.8\d+, lambda 10 9\.\d+$/); // prettier-ignore
    for (const key of ['+', 'Escape']) await first.page.keyboard.press(key);
    await first.page.getByRole('button', { name: 'Show all' }).waitFor();
    await first.page.getByRole('combobox', { name: 'Runs of several seeds' }).selectOption('runs');
    await first.page.locator('.entry', { hasText: 'seed 2' }).first().click();
    await first.page.getByRole('combobox', { name: 'Curve' }).selectOption('w1');
    await first.page.getByRole('slider', { name: 'W1 by step' }).waitFor();
    const memory = await first.remembered();
    expect(memory).toMatchObject({ runs: ['/runs/a', '/runs/b', '/runs/c'], band: 'runs', column: 'w1', hidden: ['/runs/b'] }); // prettier-ignore

    const second = await compared(memory);
    await second.page.getByRole('slider', { name: 'W1 by step' }).waitFor();
    await second.page.getByRole('button', { name: 'Show all' }).waitFor();
    expect(await second.page.locator('.entry', { hasText: 'seed 2' }).first().getAttribute('aria-pressed')).toBe('false'); // prettier-ignore
  });

  test('opens the monitor of a run, saves all curves, and says which run cannot be read', async () => {
    const { page, send, posted } = await compared();
    await page.getByRole('button', { name: 'seed 2', exact: true }).click();
    await page.getByRole('button', { name: 'Save curves as CSV' }).click();
    expect((await posted()).slice(1)).toEqual([{ type: 'openRun', id: '/runs/b' }, { type: 'saveCsv' }]);
    await send({ type: 'of', id: '/runs/c', message: { type: 'problem', message: '/runs/c is not a run directory.' } });
    await page.getByRole('alert').getByText('/runs/c is not a run directory.').waitFor();
    // What belongs to no run of the comparison changes nothing.
    await send(run('/runs/elsewhere', 1, '7', 1));
    await send({ type: 'of', id: '/runs/a', message: { type: 'rows', rows: rows(1001, 1001) } });
    await has(page, 1001);
    expect(await page.getByRole('columnheader').count()).toBe(2);
  });
});
