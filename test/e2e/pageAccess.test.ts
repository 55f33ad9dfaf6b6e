// The monitor's page for those who do not see it or do not use a mouse: axe-core over every state in three themes, and a pass by keyboard.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { OpenedPage, ThemeName } from '../../scripts/lib/monitorPage.mjs';
import type { MonitorState, ToPage } from '../../src/protocol/monitor';
import type { RunState, RunStatus } from '../../src/protocol/status';
import { has, noBrowser, pageBench, rows, running } from './support/monitorPage';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds, rule by rule; [] where it finds nothing. */
async function violations(page: OpenedPage['page']): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: Violation[];
  };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`)); // prettier-ignore
}

describe.skipIf(noBrowser !== '')(
  noBrowser === '' ? "access to the monitor's page" : `access to the monitor's page (${noBrowser})`,
  () => {
    const { open, real, state } = pageBench();

    const settings = ['name', 'samples.every', 'constraint.0.lambda'].map((key, i) => ({ key, value: String(i), said: i === 0 ? null : '1' })); // prettier-ignore
    const notes = (['info', 'warning', 'error'] as const).map((level, i) => ({ step: 300 * i, level, message: level }));
    const full = (change: Partial<MonitorState> = {}) => state({ real: real(), notes, settings, log: ['a line', 'another'], ...change }); // prettier-ignore
    const inState = (now: RunState, change: Partial<RunStatus> = {}): ToPage => {
      const working = now === 'running' || now === 'starting' || now === 'paused' || now === 'stopping';
      return { type: 'state', state: full({ status: { ...running, state: now, ...change }, liveness: working ? 'alive' : 'ended' }) }; // prettier-ignore
    };
    const message = 'The critic loss is not a number at step 1,000.';
    const none = { rows: { step: new Float64Array(0), wallTime: new Float64Array(0), values: {} }, columns: [], samples: [], real: null, notes: [], log: [] }; // prettier-ignore
    const of = (id: string, seed: number): ToPage => ({ type: 'of', id, message: { type: 'state', state: full({ id, directory: id, seed, settings: [...settings, { key: 'seed', value: String(seed), said: null }] }) } }); // prettier-ignore
    const comparison: ToPage = { type: 'comparison', runs: ['/a', '/b', '/c'].map((id) => ({ id, name: id })) };

    /** One behind the other on the same page. */
    const states: Record<string, () => ToPage[]> = {
      opening: () => [],
      problem: () => [{ type: 'problem', message: '/runs/a is not a run directory.' }],
      starting: () => [{ type: 'state', state: full({ ...none, status: null, liveness: null }) }],
      waiting: () => [{ type: 'state', state: full({ ...none, status: { ...running, state: 'starting', step: 0 } }) }],
      running: () => [inState('running')],
      paused: () => [inState('paused', { message: 'Paused; resume it to go on.' })],
      stopping: () => [inState('stopping')],
      stalled: () => [{ type: 'state', state: full({ liveness: 'stalled' }) }],
      dead: () => [{ type: 'state', state: full({ liveness: 'dead' }) }],
      elsewhere: () => [{ type: 'state', state: full({ liveness: 'elsewhere' }) }],
      finished: () => [inState('finished')],
      stopped: () => [inState('stopped')],
      interrupted: () => [inState('interrupted')],
      diverged: () => [inState('diverged', { message })],
      failed: () => [inState('failed', { message, errors: [{ message: 'Three.', file: 'critic.ts', line: 3 }] })],
      comparison: () => [comparison, of('/a', 1), of('/b', 2), { type: 'of', id: '/c', message: { type: 'problem', message: 'Gone.' } }], // prettier-ignore
      'an empty comparison': () => [comparison],
    };
    /** Everything is unfolded. */
    const memory = { id: '/runs/a', real: true, settingsOpen: true, logOpen: true, zoom: [100, 900], log: true };

    const drawn = (page: OpenedPage['page']) => page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))'); // prettier-ignore

    test.each<ThemeName>(['dark', 'light', 'hc-dark'])('axe-core finds nothing in any state in %s', async (theme) => {
      const { page, send } = await open(theme, memory);
      for (const [name, messages] of Object.entries(states)) {
        for (const each of messages()) await send(each);
        await drawn(page);
        expect([name, ...(await violations(page))]).toEqual([name]);
      }
    });

    test('axe-core would find what is wrong', async () => {
      const { page } = await open();
      await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
      expect(await violations(page)).toEqual([expect.stringContaining('button-name')]);
    });

    /** The name of what has the focus, after so many presses of Tab. */
    const focused = (page: OpenedPage['page']) =>
    page.evaluate("(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()") as Promise<string>; // prettier-ignore

    test('everything can be reached, seen and used by keyboard alone', async () => {
      const { page, send, posted, remembered } = await open();
      await send({ type: 'state', state: full() });
      await has(page, 1000);
      const stops: string[] = [];
      const order: string[] = [];
      const unseen: string[] = [];
      const arrive = async () => {
        order.push(await focused(page));
        const ring = await page.evaluate('(() => { const active = document.activeElement; const inner = active.shadowRoot?.activeElement ?? active; return [active, inner].some((e) => getComputedStyle(e).outlineStyle !== "none" || getComputedStyle(e).boxShadow !== "none" || getComputedStyle(e).borderColor === getComputedStyle(document.documentElement).getPropertyValue("--vscode-focusBorder")); })()'); // prettier-ignore
        if (ring !== true) unseen.push(order.at(-1)!);
      };
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        // Behind the last stop is the browser.
        if (await page.evaluate('document.activeElement === document.body')) break;
        const name = await focused(page);
        stops.push(name);
        await arrive();
        // Inside of a toolbar, arrow keys go from tool to tool and come round.
        if ((await page.evaluate("document.activeElement.closest('[role=toolbar]') !== null")) !== true) continue;
        for (await page.keyboard.press('ArrowRight'); (await focused(page)) !== name; await page.keyboard.press('ArrowRight')) await arrive(); // prettier-ignore
      }
      expect(stops.slice(0, 4)).toEqual(['Pause', 'Open experiment', expect.stringContaining('K·W median'), 'Smoothing']); // prettier-ignore
      expect(stops).not.toContain('Stop');
      for (const name of ['Pause', 'Stop', 'Checkpoint', 'Sample', 'Open experiment', 'Open log', 'Reveal run directory', 'Smoothing', 'Log', 'Save curves as CSV', 'K·W by step', 'Losses by step', 'Real', 'Open samples as an image', 'Copy samples', 'Save samples as', 'Step of the samples', 'step 600', 'step 300', 'Settings']) // prettier-ignore
        expect(order).toContain(name);
      expect(unseen).toEqual([]);

      const press = async (name: string, ...keys: string[]) => {
        await page.locator(`[aria-label="${name}"]`).first().focus();
        for (const key of keys) await page.keyboard.press(key);
      };
      await press('Pause', 'Enter');
      await press('Open log', 'Space');
      await press('K·W by step', 'Home', 'ArrowRight', 'ArrowRight', '+', '+');
      expect(await remembered()).toMatchObject({ zoom: [expect.any(Number), expect.any(Number)] });
      await page.locator('[aria-label="K·W by step"][aria-valuenow="3"]').waitFor();
      await press('K·W by step', '0', 'End');
      await page.locator('[aria-label="K·W by step"][aria-valuenow="1000"]').waitFor();
      expect(await remembered()).toMatchObject({ zoom: null });
      await press('Step of the samples', 'Home');
      await page.getByRole('img', { name: 'Samples at step 200' }).waitFor();
      await press('Next samples', 'Enter');
      await page.getByRole('img', { name: 'Samples at step 400' }).waitFor();
      await press('Save samples as', 'Enter');
      await page.getByText('Settings', { exact: true }).focus();
      await page.locator('summary', { hasText: 'Settings' }).press('Enter');
      await page.getByRole('rowheader', { name: 'samples.every' }).waitFor();
      expect((await posted()).slice(1)).toEqual([{ type: 'control', command: 'pause' }, { type: 'openLog' }, { type: 'saveSample', sample: 400 }]); // prettier-ignore
    });

    test('the focus stays where a button gives way to another, and keys of a toolbar stay in it', async () => {
      const { page, send, posted } = await open();
      await send({ type: 'state', state: full() });
      await has(page, 1000);
      await page.locator('[aria-label="Pause"]').first().focus();
      for (const key of ['Enter', 'Enter']) await page.keyboard.press(key);
      expect(await focused(page)).toBe('Pause');
      expect((await posted()).slice(1)).toEqual([{ type: 'control', command: 'pause' }]);
      await send({ type: 'status', status: { ...running, state: 'paused' }, liveness: 'alive' });
      expect(await focused(page)).toBe('Resume');
      await page.keyboard.press('End');
      expect(await focused(page)).toBe('Sample');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      // While it stops there is nothing to press; what comes then is what the user is at.
      await send({ type: 'status', status: { ...running, state: 'stopping' }, liveness: 'alive' });
      await drawn(page);
      await send({ type: 'status', status: { ...running, state: 'stopped' }, liveness: 'ended' });
      await page.waitForFunction("document.activeElement.getAttribute('aria-label') === 'Go on'");

      const smoothing = page.getByRole('combobox', { name: 'Smoothing' });
      await smoothing.focus();
      await page.keyboard.press('ArrowUp');
      expect(await smoothing.inputValue()).toBe('11');
      await page.keyboard.press('ArrowRight');
      expect([await focused(page), await smoothing.inputValue()]).toEqual(['Log', '11']);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('K·W by step');
    });

    test('a chart says in words what it shows, and each tenth of the way is announced', async () => {
      const { page, send } = await open();
      await send({ type: 'state', state: full() });
      await has(page, 1000);
      const chart = page.getByRole('slider', { name: 'K·W by step' });
      const ids = ((await chart.getAttribute('aria-describedby')) ?? '').split(' ');
      const words = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()));
      expect(words[0]).toMatch(/^Steps 1 to 1,000\. K·W median: last \S+, between \S+ and \S+\. K·W raw: /);
      expect(words[1]).toContain('Arrow keys move the cursor');
      const announced = page.getByRole('log', { name: 'Announcements' });
      expect(await announced.textContent()).toBe('');
      await send({ type: 'rows', rows: rows(1001, 1100) });
      await send({ type: 'status', status: { ...running, step: 1150 }, liveness: 'alive' });
      await has(page, 1100);
      expect(await announced.textContent()).toBe('');
      await send({ type: 'status', status: { ...running, step: 1210 }, liveness: 'alive' });
      await announced.getByText(/^Step 1,210 of 2,000\. K·W \S+\.$/).waitFor();
    });
  },
);
