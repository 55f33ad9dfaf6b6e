// The monitor's page for those who do not see it or do not use a mouse: axe-core over every state in three themes, and a pass by keyboard.
import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { noBrowser, pageBench, setTheme } from './support/monitorPage';
import type { Recorded, Where } from '../../scripts/lib/recordings.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds, rule by rule; [] where it finds nothing. */
async function violations(page: OpenedPage['page']): Promise<string[]> {
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(axe);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: Violation[];
  };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

describe.skipIf(noBrowser !== '')(
  noBrowser === '' ? "access to the monitor's page" : `access to the monitor's page (${noBrowser})`,
  () => {
    const { open, lay, watch, compare, grow } = pageBench();

    /** What the badge says of each recording, and where its process is. */
    const states: readonly (readonly [label: string, run: Recorded, where?: Where])[] = [
      ['Starting', 'starting'],
      ['Running', 'running'],
      ['Paused', 'paused'],
      ['Stopping', 'stopping'],
      ['Stalled', 'running', 'silent'],
      ['Dead', 'running', 'gone'],
      ['Running', 'running', 'elsewhere'],
      ['Finished', 'digits'],
      ['Stopped', 'stopped'],
      ['Interrupted', 'interrupted'],
      ['Diverged', 'diverged'],
      ['Failed', 'failed'],
      ['Failed', 'unbegun'],
    ];
    /** Everything is unfolded. */
    const unfolded = {
      real: true,
      histogramsOpen: true,
      settingsOpen: true,
      logOpen: true,
      log: true,
      allSettings: true,
    };
    const remembers = (page: OpenedPage['page'], memory: object) =>
      page.evaluate(`globalThis.remembered = ${JSON.stringify({ ...unfolded, ...memory })}`);
    const says = (page: OpenedPage['page'], text: string) =>
      page.getByRole('status').first().getByText(text, { exact: true }).waitFor();

    const drawn = (page: OpenedPage['page']) =>
      page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');

    test('axe-core finds nothing in any state, in three themes', async () => {
      const opened = await open();
      const { page, send } = opened;
      const clean = async (name: string) => {
        for (const theme of ['light', 'hc-dark', 'dark'] as const) {
          await setTheme(page, theme);
          await drawn(page);
          expect([name, theme, ...(await violations(page))]).toEqual([name, theme]);
        }
      };
      await clean('opening');
      const late = path.join(path.dirname(lay('starting')), 'late');
      await watch(opened, late);
      await page.getByRole('alert').getByText('is not a run directory').waitFor();
      await clean('a problem');
      // The moment before the trainer has written anything.
      await watch(opened, late, () => ({ name: 'late', objective: { kind: 'wgan' }, seed: 1 }));
      await says(page, 'Starting');
      await clean('not begun');
      for (const [label, run, where = 'here'] of states) {
        const directory = lay(run, where);
        await remembers(page, { id: directory });
        await watch(opened, directory);
        await page.locator(`h1[title="${directory}"]`).waitFor();
        await says(page, label);
        await clean(`${run} ${where}`);
      }
      const runs = [lay('seed-1'), lay('seed-2'), lay('clipped'), late];
      // The moment before any of them has been read.
      await send({ type: 'comparison', runs: runs.map((id) => ({ id, name: id })) });
      await clean('a comparison that is opened');
      await remembers(page, { runs });
      compare(opened, runs);
      await page.getByRole('columnheader').nth(1).waitFor();
      await page.getByRole('alert').getByText('is not a run directory').waitFor();
      await clean('a comparison');
    });

    test('axe-core would find what is wrong', async () => {
      const { page } = await open();
      await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
      expect(await violations(page)).toEqual([expect.stringContaining('button-name')]);
    });

    /** The name of what has the focus, after so many presses of Tab. */
    const focused = (page: OpenedPage['page']) =>
      page.evaluate(
        "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()",
      ) as Promise<string>;

    test('everything can be reached, seen and used by keyboard alone', async () => {
      const opened = await open();
      const { page, posted, remembered } = opened;
      const directory = lay('drawing');
      for (const [step, level] of [
        [20, 'warning'],
        [30, 'error'],
      ] as const)
        appendFileSync(
          path.join(directory, 'notices.jsonl'),
          `${JSON.stringify({ step, wallTime: 1, level, kind: 'health', message: level })}\n`,
        );
      const { count } = await watch(opened, directory);
      await page.getByRole('img', { name: 'Samples at step 40' }).waitFor();
      const stops: string[] = [];
      const order: string[] = [];
      const unseen: string[] = [];
      const arrive = async () => {
        order.push(await focused(page));
        const ring = await page.evaluate(
          '(() => { const active = document.activeElement; const inner = active.shadowRoot?.activeElement ?? active; return [active, inner].some((e) => getComputedStyle(e).outlineStyle !== "none" || getComputedStyle(e).boxShadow !== "none" || getComputedStyle(e).borderColor === getComputedStyle(document.documentElement).getPropertyValue("--vscode-focusBorder")); })()',
        );
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
        for (
          await page.keyboard.press('ArrowRight');
          (await focused(page)) !== name;
          await page.keyboard.press('ArrowRight')
        )
          await arrive();
      }
      expect(stops.slice(0, 4)).toEqual([
        'Pause',
        'Open experiment',
        expect.stringContaining('K·W median'),
        'Smoothing',
      ]);
      expect(stops).not.toContain('Stop');
      for (const name of [
        'Pause',
        'Stop',
        'Checkpoint',
        'Sample',
        'Open experiment',
        'Open log',
        'Reveal run directory',
        'Smoothing',
        'Log scale',
        'Save curves as CSV',
        'K·W by step',
        'Losses by step',
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
      await page.locator(`[aria-label="K·W by step"][aria-valuenow="${count}"]`).waitFor();
      expect(await remembered()).toMatchObject({ zoom: null });
      await press('Sample step', 'Home');
      await page.getByRole('img', { name: 'Samples at step 20' }).waitFor();
      await press('Next samples', 'Enter');
      await page.getByRole('img', { name: 'Samples at step 40' }).waitFor();
      await press('Save sample image', 'Enter');
      await page.getByText('Settings', { exact: true }).focus();
      await page.locator('summary', { hasText: 'Settings' }).press('Enter');
      await page.getByRole('rowheader', { name: 'samples.every' }).waitFor();
      expect((await posted()).slice(1)).toEqual([
        { type: 'control', command: 'pause' },
        { type: 'openLog' },
        { type: 'saveSample', sample: 40 },
      ]);
    });

    test('the focus stays where a button gives way to another, and keys of a toolbar stay in it', async () => {
      const opened = await open();
      const { page, posted } = opened;
      const directory = lay('running');
      await watch(opened, directory);
      await page.locator('[aria-label="Pause"]').first().focus();
      for (const key of ['Enter', 'Enter']) await page.keyboard.press(key);
      expect(await focused(page)).toBe('Pause');
      expect((await posted()).slice(1)).toEqual([{ type: 'control', command: 'pause' }]);
      lay('paused', 'here', directory);
      await says(page, 'Paused');
      expect(await focused(page)).toBe('Resume');
      await page.keyboard.press('End');
      expect(await focused(page)).toBe('Sample');
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      // While it stops there is nothing to press; what comes then is what the user is at.
      lay('stopping', 'here', directory);
      await says(page, 'Stopping');
      lay('stopped', 'here', directory);
      await page.locator('vscode-button.resumeRun:focus').waitFor();

      const smoothing = page.getByRole('combobox', { name: 'Smoothing' });
      await smoothing.focus();
      await page.keyboard.press('ArrowUp');
      expect(await smoothing.inputValue()).toBe('11');
      await page.keyboard.press('ArrowRight');
      expect([await focused(page), await smoothing.inputValue()]).toEqual(['Log scale', '11']);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('K·W by step');
    });

    test('a chart says in words what it shows, and each tenth of the way is announced', async () => {
      const opened = await open();
      const { page } = opened;
      const directory = lay('running');
      const { count } = await watch(opened, directory);
      const chart = page.getByRole('slider', { name: 'K·W by step' });
      const ids = ((await chart.getAttribute('aria-describedby')) ?? '').split(' ');
      const words = await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()));
      expect(words[0]).toMatch(/^Steps 1 to \d+\. K·W median: last \S+, between \S+ and \S+\. K·W raw: /);
      expect(words[1]).toContain('Arrow keys move the cursor');
      const announced = page.getByRole('log', { name: 'Announcements' });
      expect(await announced.textContent()).toBe('');
      await grow(directory, 40);
      await announced.getByText(new RegExp(`^Step ${count + 40} of 300\\. K·W \\S+\\.$`)).waitFor();
    });
  },
);
