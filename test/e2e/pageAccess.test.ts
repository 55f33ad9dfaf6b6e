// Accessibility of the monitor's page: axe-core in every state and three themes, keyboard navigation, and screen
// reader texts.
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { violations } from './support/axe';
import { eventually } from './support/eventually';
import { noBrowser, setUpPageTests, setTheme } from './support/monitorPage';
import type { Recorded, ReplayLiveness } from '../../scripts/lib/recordings.mjs';

describe.skipIf(noBrowser !== '')(
  noBrowser === '' ? "accessibility of the monitor's page" : `accessibility of the monitor's page (${noBrowser})`,
  () => {
    const { open, replayRun, followRun, compare, appendRows } = setUpPageTests();

    /** The badge of each recording, by the liveness of its process. */
    const states: readonly (readonly [label: string, run: Recorded, where?: ReplayLiveness])[] = [
      ['Starting', 'starting'],
      ['Running', 'running'],
      ['Paused', 'paused'],
      ['Stopping', 'stopping'],
      ['Stalled', 'running', 'stalled'],
      ['Crashed', 'running', 'dead'],
      ['Running', 'running', 'elsewhere'],
      ['Finished', 'digits'],
      ['Stopped', 'stopped'],
      ['Interrupted', 'interrupted'],
      ['Diverged', 'diverged'],
      ['Failed', 'failed'],
      ['Failed', 'failed-at-start'],
    ];
    /** A view state with all sections open. */
    const allOpen = {
      real: true,
      histogramsOpen: true,
      settingsOpen: true,
      logOpen: true,
      log: true,
      allSettings: true,
    };
    const setViewState = (page: OpenedPage['page'], viewState: object) =>
      page.evaluate(`globalThis.savedState = ${JSON.stringify({ ...allOpen, ...viewState })}`);
    const waitForState = (page: OpenedPage['page'], text: string) =>
      page.getByRole('status').first().getByText(text, { exact: true }).waitFor();

    const drawn = (page: OpenedPage['page']) =>
      page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');

    test('axe-core finds no violations in any state, in three themes', async () => {
      const opened = await open();
      const { page, send } = opened;
      const clean = async (name: string) => {
        for (const theme of ['light', 'hc-dark', 'dark'] as const) {
          await setTheme(page, theme);
          await drawn(page);
          expect([name, theme, ...(await violations(page))]).toEqual([name, theme]);
        }
      };
      await clean('loading');
      const late = path.join(path.dirname(replayRun('starting')), 'late');
      await followRun(opened, late);
      await page.getByText('The run late was deleted or moved.').waitFor();
      await clean('deleted');
      mkdirSync(late);
      await page.getByRole('alert').getByText('is not a run directory').waitFor();
      await clean('a problem');
      // Before the trainer has written anything.
      await followRun(opened, late, () => ({ name: 'late', objective: { kind: 'wgan' }, seed: 1 }));
      await waitForState(page, 'Starting');
      await clean('not started');
      for (const [label, run, where = 'alive'] of states) {
        const directory = replayRun(run, where);
        await setViewState(page, { id: directory });
        await followRun(opened, directory);
        await page.locator(`h1[title$="${directory}"]`).waitFor();
        await waitForState(page, label);
        await clean(`${run} ${where}`);
      }
      const runs = [replayRun('seed-1'), replayRun('seed-2'), replayRun('clipped'), late];
      // Before any run has been read.
      await send({ type: 'comparison', runs: runs.map((id) => ({ id, name: id })) });
      await clean('a comparison being opened');
      await setViewState(page, { runs });
      compare(opened, runs);
      await page.getByRole('columnheader').nth(1).waitFor();
      await page.getByRole('alert').getByText('is not a run directory').waitFor();
      await clean('a comparison');
    });

    test('axe-core reports a deliberate violation', async () => {
      const { page } = await open();
      await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
      expect(await violations(page)).toEqual([expect.stringContaining('button-name')]);
    });

    /** The name of the focused element. */
    const focused = (page: OpenedPage['page']) =>
      page.evaluate(
        "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()",
      ) as Promise<string>;

    test('everything can be reached and used by keyboard, with a visible focus', async () => {
      const opened = await open();
      const { page, postedMessages, savedState } = opened;
      const directory = replayRun('sampling');
      for (const [step, level] of [
        [20, 'warning'],
        [30, 'error'],
      ] as const)
        appendFileSync(
          path.join(directory, 'notices.jsonl'),
          `${JSON.stringify({ step, wallTime: 1, level, kind: 'health', message: level })}\n`,
        );
      const { count } = await followRun(opened, directory);
      await page.getByRole('img', { name: 'Samples at step 40' }).waitFor();
      const stops: string[] = [];
      const order: string[] = [];
      const withoutFocusRing: string[] = [];
      const arrive = async () => {
        order.push(await focused(page));
        const ring = await page.evaluate(
          '(() => { const active = document.activeElement; const inner = active.shadowRoot?.activeElement ?? active; return [active, inner].some((e) => getComputedStyle(e).outlineStyle !== "none" || getComputedStyle(e).boxShadow !== "none" || getComputedStyle(e).borderColor === getComputedStyle(document.documentElement).getPropertyValue("--vscode-focusBorder")); })()',
        );
        if (ring !== true) withoutFocusRing.push(order.at(-1)!);
      };
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        // After the last stop, the focus leaves the page.
        if (await page.evaluate('document.activeElement === document.body')) break;
        const name = await focused(page);
        stops.push(name);
        await arrive();
        // In a toolbar, arrow keys move between tools and wrap around.
        if ((await page.evaluate("document.activeElement.closest('[role=toolbar]') !== null")) !== true) continue;
        for (
          await page.keyboard.press('ArrowRight');
          (await focused(page)) !== name;
          await page.keyboard.press('ArrowRight')
        )
          await arrive();
      }
      expect(stops.slice(0, 4)).toEqual(['Pause', 'Open experiment', expect.stringContaining('K·W median'), 'X axis']);
      expect(stops).not.toContain('Stop');
      for (const name of [
        'Pause',
        'Stop',
        'Save checkpoint',
        'Generate samples',
        'Open experiment',
        'Open log',
        'Reveal run folder',
        'X axis',
        'Smoothing',
        'Log scale',
        'Save curves as CSV',
        'K·W by step',
        'Critic loss by step',
        'Real',
        'Open sample image',
        'Copy sample image',
        'Save sample image',
        'Sample step',
        'step 30',
        'step 20',
        'Settings',
        'Log',
      ])
        expect(order).toContain(name);
      expect(withoutFocusRing).toEqual([]);

      const press = async (name: string, ...keys: string[]) => {
        await page.locator(`[aria-label="${name}"]`).first().focus();
        for (const key of keys) await page.keyboard.press(key);
      };
      await press('Pause', 'Enter');
      await press('Open log', 'Space');
      await press('K·W by step', 'Home', 'ArrowRight', 'ArrowRight', '+', '+');
      expect(await savedState()).toMatchObject({ zoom: [expect.any(Number), expect.any(Number)] });
      await page.locator('[aria-label="K·W by step"][aria-valuenow="3"]').waitFor();
      await press('K·W by step', '0', 'End');
      await page.locator(`[aria-label="K·W by step"][aria-valuenow="${count}"]`).waitFor();
      expect(await savedState()).toMatchObject({ zoom: null });
      await press('Sample step', 'Home');
      await page.getByRole('img', { name: 'Samples at step 20' }).waitFor();
      await press('Next samples', 'Enter');
      await page.getByRole('img', { name: 'Samples at step 40' }).waitFor();
      await press('Save sample image', 'Enter');
      await page.getByText('Settings', { exact: true }).focus();
      await page.locator('summary', { hasText: 'Settings' }).press('Enter');
      await page.getByRole('rowheader', { name: 'samples.every' }).waitFor();
      expect((await postedMessages()).slice(1)).toEqual([
        { type: 'control', command: 'pause' },
        { type: 'openLog' },
        { type: 'saveSample', sample: 40 },
      ]);
    });

    test('the focus moves to the button that replaces the focused one, and arrow keys stay in the toolbar', async () => {
      const opened = await open();
      const { page, postedMessages } = opened;
      const directory = replayRun('running');
      await followRun(opened, directory);
      await page.locator('[aria-label="Pause"]').first().focus();
      for (const key of ['Enter', 'Enter']) await page.keyboard.press(key);
      expect(await focused(page)).toBe('Pause');
      expect((await postedMessages()).slice(1)).toEqual([{ type: 'control', command: 'pause' }]);
      replayRun('paused', 'alive', directory);
      await waitForState(page, 'Paused');
      expect(await focused(page)).toBe('Resume');
      await page.keyboard.press('End');
      expect(await focused(page)).toBe('Generate samples');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      // All buttons are disabled while the run stops; then the new button gets the focus.
      replayRun('stopping', 'alive', directory);
      await waitForState(page, 'Stopping');
      replayRun('stopped', 'alive', directory);
      await page.locator('vscode-button.resumeRun:focus').waitFor();

      const smoothing = page.getByRole('combobox', { name: 'Smoothing' });
      await smoothing.focus();
      await page.keyboard.press('ArrowDown');
      expect(await smoothing.inputValue()).toBe('1');
      await page.keyboard.press('ArrowRight');
      expect([await focused(page), await smoothing.inputValue()]).toEqual(['Log scale', '1']);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('K·W by step');
    });

    test('a chart has a text summary, and every tenth of the progress is announced', async () => {
      const opened = await open();
      const { page } = opened;
      const directory = replayRun('running');
      const { count } = await followRun(opened, directory);
      const chart = page.getByRole('slider', { name: 'K·W by step' });
      const ids = ((await chart.getAttribute('aria-describedby')) ?? '').split(' ');
      const description = (id: string) => page.locator(`[id="${id}"]`).textContent();
      await eventually(
        'the summary is written',
        () => description(ids[0]),
        (text) => /^steps 1 to \d+\. K·W median: last \S+, between \S+ and \S+\. K·W raw: /.test(text ?? ''),
      );
      expect(await description(ids[1])).toContain('Arrow keys move the cursor');
      const announced = page.getByRole('log', { name: 'Announcements' });
      expect(await announced.textContent()).toBe('');
      await appendRows(directory, 40);
      await announced.getByText(new RegExp(`^Step ${count + 40} of 300\\. K·W \\S+\\.$`)).waitFor();
    });
  },
);
