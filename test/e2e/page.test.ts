// The run page in a plain browser, with recorded runs and the extension's CSP: interaction, updates and saved view
// state.
import { appendFileSync, copyFileSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import type { RunStatus } from '../../src/protocol/status';
import { formatMeasurement } from '../../webview/format';
import { palettes } from '../../webview/ui/palette';
import { readCurve, waitForRows, noBrowser, setUpPageTests, setTheme } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? "the monitor's page" : `the monitor's page (${noBrowser})`, () => {
  const { replayRun, file, open, followRun, appendRows } = setUpPageTests();
  type PageOf = OpenedPage['page'];
  const shown = (page: PageOf, step: number) =>
    page.getByRole('img', { name: `Samples at step ${step}`, exact: true }).waitFor();
  const pixels = (page: PageOf) =>
    page.locator('.chart.main canvas').evaluate((canvas: { toDataURL: () => string }) => canvas.toDataURL());
  const waitForState = (page: PageOf, state: string) =>
    page.getByRole('status').first().getByText(state, { exact: true }).waitFor();
  const button = (page: PageOf, name: string) => page.getByRole('button', { name, exact: true });

  test('shows a run from start to end', async () => {
    const opened = await open();
    const { page } = opened;
    const directory = replayRun('starting');
    await followRun(opened, directory);
    await waitForState(page, 'Starting');
    await page.getByText('Curves appear after the first step.').waitFor();
    await page.getByText('The first samples appear at step 60.').waitFor();

    replayRun('running', 'alive', directory);
    await waitForState(page, 'Running');
    const { count } = await readCurve(directory);
    await waitForRows(page, count);
    await appendRows(directory, 10);
    await waitForRows(page, count + 10);
    expect(await page.locator('[data-first-step]').getAttribute('data-first-step')).toBe('1');
    const progress = page.getByRole('progressbar', { name: 'Training' });
    expect(await progress.getAttribute('aria-valuetext')).toMatch(/^step \d+ of 300$/);
    // Every button has a name.
    for (const each of await page.getByRole('button').all())
      expect(
        await each.evaluate((e: { ariaLabel: string | null; textContent: string | null }) =>
          `${e.ariaLabel ?? ''}${e.textContent ?? ''}`.trim(),
        ),
      ).not.toBe('');

    replayRun('finished', 'alive', directory);
    await waitForState(page, 'Finished');
    await waitForRows(page, 300);
    await shown(page, 300);
    expect(await progress.getAttribute('aria-valuenow')).toBe('300');
  });

  test('shows the values at the cursor in all charts, with mouse and keyboard', async () => {
    const opened = await open();
    const { page } = opened;
    const { count, columns } = await followRun(opened, replayRun('running'));
    const chart = page.getByRole('slider', { name: 'K·W by step' });
    const cursorAt = (name: string, step: number) =>
      page.locator(`[aria-label="${name} by step"][aria-valuenow="${step}"]`).waitFor();
    await chart.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.getByText('step 2', { exact: true }).waitFor();
    await cursorAt('Critic loss', 2);
    expect(await chart.getAttribute('aria-valuetext')).toContain(`K·W raw ${formatMeasurement(columns.estimate[1])}`);
    await page.keyboard.press('Escape');
    await cursorAt('K·W', count);

    const raw = page.getByRole('button', { name: 'K·W raw' });
    await raw.click();
    expect(await raw.getAttribute('aria-pressed')).toBe('false');
  });

  test('follows the latest samples until the user selects another step', async () => {
    const opened = await open();
    const { page, savedState, postedMessages } = opened;
    const directory = replayRun('digits');
    const last = path.join(directory, 'samples', 'step-80.png');
    rmSync(last);
    await sharp(file('digits', 'samples', 'step-20.png'))
      .resize(64)
      .toFile(path.join(directory, 'samples', 'step-20.png'));
    await followRun(opened, directory);
    await shown(page, 60);
    await button(page, 'Previous samples').click();
    await shown(page, 40);
    copyFileSync(file('digits', 'samples', 'step-80.png'), last);
    await page.getByText('step 40 · 2 of 4').waitFor();
    await shown(page, 40);
    expect(await savedState()).toMatchObject({ sampleStep: 40 });

    await page.getByRole('checkbox', { name: 'Follow latest' }).click();
    await shown(page, 80);
    expect(await savedState()).toMatchObject({ sampleStep: null });
    const slider = page.getByRole('slider', { name: 'Sample step' });
    await slider.focus();
    await page.keyboard.press('Home');
    await shown(page, 20);
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 20');
    // Enlarged images are not smoothed.
    await page.locator('.samples .sample-image img.enlarged').waitFor();
    await page.locator('.samples .sample-image img').click();
    expect(await postedMessages()).toContainEqual({ type: 'openSample', sample: 20 });
  });

  test('offers the actions of each state and posts each request once', async () => {
    const opened = await open();
    const { page, postedMessages, send } = opened;
    const directory = replayRun('running');
    await followRun(opened, directory);
    await button(page, 'Pause').click();
    await waitForState(page, 'Pausing…');
    await button(page, 'Pause').click({ force: true });
    expect((await postedMessages()).slice(1)).toEqual([{ type: 'control', command: 'pause' }]);
    replayRun('paused', 'alive', directory);
    await button(page, 'Resume').waitFor();
    expect(await button(page, 'Pause').isVisible()).toBe(false);
    await waitForState(page, 'Paused');
    await button(page, 'Step').click();
    const busy = page.locator('.manual-stepping [aria-busy="true"] .step[aria-disabled="true"]');
    await busy.waitFor();
    // The trainer says twice that it waits, and has not executed the command: it was lost.
    const status = JSON.parse(readFileSync(path.join(directory, 'status.json'), 'utf8')) as RunStatus;
    for (const later of [1, 2]) {
      expect(await busy.count()).toBe(1);
      await send({ type: 'status', status: { ...status, updatedAt: status.updatedAt + later }, liveness: 'alive' });
    }
    await busy.waitFor({ state: 'detached' });

    replayRun('failed', 'alive', directory);
    const alert = page.getByRole('alert').filter({ hasText: 'part of the path is a file, not a folder.' });
    await alert.waitFor();
    expect(await alert.locator('p').count()).toBe(1);
    expect(await button(page, 'Stop').isVisible()).toBe(false);
    await button(page, 'Resume').click();
    for (const name of ['Open experiment', 'Open log', 'Reveal run folder']) await button(page, name).click();
    expect((await postedMessages()).slice(2).map(({ type }) => type)).toEqual([
      'control',
      'resumeRun',
      'openExperiment',
      'openLog',
      'reveal',
    ]);
  });

  test('starts over when a run is resumed, and shows why a run cannot be read', async () => {
    const opened = await open('light');
    const { page } = opened;
    const directory = path.join(path.dirname(replayRun('starting')), 'late');
    await followRun(opened, directory);
    const problem = page.getByText('The run late was deleted or moved.');
    await problem.waitFor();
    replayRun('stopped', 'alive', directory);
    const { count } = await readCurve(directory);
    await waitForRows(page, count);
    expect(await problem.isVisible()).toBe(false);
    // Like a resume, which truncates the rows after its checkpoint.
    const metrics = path.join(directory, 'metrics.bin');
    const { offset } = JSON.parse(readFileSync(metrics, 'utf8').split('\n', 1)[0]) as { offset: number };
    const length = readFileSync(metrics).length - offset;
    truncateSync(metrics, offset + (length / count) * 100);
    await waitForRows(page, 100);
    await appendRows(directory, 30);
    await waitForRows(page, 130);
    expect(await page.locator('[data-rows]').count()).toBe(1);
  });

  test('shows a problem with a file no longer than it lasts', async () => {
    const opened = await open('light');
    const { page } = opened;
    const directory = replayRun('stopped', 'alive');
    await followRun(opened, directory);
    const log = path.join(directory, 'log.txt');
    rmSync(log, { force: true });
    symlinkSync(directory, log);
    const problem = page.getByRole('alert').filter({ hasText: 'it is a link' });
    await problem.waitFor();
    rmSync(log);
    await problem.waitFor({ state: 'hidden' });
  });

  test('follows the color theme', async () => {
    const opened = await open('dark');
    const { page } = opened;
    await followRun(opened, replayRun('running'));
    const look = async () => ({
      pixels: await pixels(page),
      line: await page
        .locator('.chart.main .swatch.bold')
        .first()
        .evaluate((swatch: { style: { getPropertyValue: (n: string) => string } }) =>
          swatch.style.getPropertyValue('--line'),
        ),
    });
    const dark = await look();
    expect(dark.line).toBe(palettes.dark[0]);
    await setTheme(page, 'hc-light');
    await expect.poll(async () => (await look()).line).toBe(palettes.light[0]);
    const light = await look();
    expect(light.pixels).not.toBe(dark.pixels);
    // Of what the browser draws, such as checkboxes and the arrows of number inputs.
    const scheme = () =>
      page.getByRole('slider', { name: 'Sample step' }).evaluate((input) => {
        const { getComputedStyle } = globalThis as unknown as {
          getComputedStyle: (of: unknown) => { colorScheme: string };
        };
        return getComputedStyle(input).colorScheme;
      });
    for (const theme of ['dark', 'light', 'hc-dark', 'hc-light'] as const) {
      await setTheme(page, theme);
      expect(await scheme()).toBe(theme.endsWith('dark') ? 'dark' : 'light');
    }
  });

  test('applies smoothing and log scale, and restores them', async () => {
    const directory = replayRun('seed-1');
    const first = await open();
    await followRun(first, directory);
    const smooth = await pixels(first.page);
    const smoothing = (page: PageOf) => page.getByRole('combobox', { name: 'Smoothing' });
    await smoothing(first.page).focus();
    await smoothing(first.page).selectOption('1');
    await first.page.getByRole('button', { name: 'K·W median' }).waitFor({ state: 'detached' });
    expect(
      await smoothing(first.page).evaluate((box: { matches: (s: string) => boolean }) => box.matches(':focus')),
    ).toBe(true);
    await button(first.page, 'Log scale').click();
    await first.page.locator('.chart.main.log').waitFor();
    // The loss of the critic is negative.
    expect(await first.page.locator('.small .chart.log', { hasText: 'Critic loss' }).count()).toBe(0);
    expect(await pixels(first.page)).not.toBe(smooth);

    const second = await open('dark', await first.savedState());
    await followRun(second, directory);
    await second.page.locator('.chart.main.log').waitFor();
    expect(await smoothing(second.page).inputValue()).toBe('1');
    expect(await button(second.page, 'Log scale').getAttribute('aria-pressed')).toBe('true');
    await button(second.page, 'Save curves as CSV').click();
    expect(await second.postedMessages()).toContainEqual({ type: 'saveCsv' });
  });

  test('says what the main curve means, and shows curves of one unit per chart', async () => {
    const opened = await open();
    const { page } = opened;
    const { columns } = await followRun(opened, replayRun('clipped'));
    await page.getByText('Estimated Wasserstein distance to the data').waitFor();
    await page.getByText('Lower is better.').waitFor();
    const lines = (chart: string) =>
      page.getByRole('region', { name: chart, exact: true }).locator('.entry').allTextContents();
    expect((await lines('K·W')).join()).not.toMatch(/W₁/);
    expect((await lines('Wasserstein distance')).join()).toMatch(/W₁ exact.*W₁ floor/);
    await page.getByRole('region', { name: 'Critic loss' }).getByText('−K·W').waitFor();
    await page.getByRole('region', { name: 'Generator loss' }).getByText('Free offset').waitFor();
    // The headline is the value at the end of the main curve: of 60 steps, the last one.
    const headline = page.locator('.stat-cards b').first();
    expect(await headline.textContent()).toBe(formatMeasurement(columns.estimate.at(-1)!));
  });

  test('shows curves over time', async () => {
    const opened = await open();
    const { page, savedState } = opened;
    const { wallTime } = await followRun(opened, replayRun('running'));
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('relative');
    const chart = page.getByRole('slider', { name: 'K·W by time' });
    await chart.focus();
    await page.keyboard.press('Home');
    await page.getByText('0 s · step 1', { exact: true }).waitFor();
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^0 s: K·W median /);
    expect(await savedState()).toMatchObject({ axis: 'relative', zoom: null });
    const last = wallTime.at(-1)! - wallTime[0];
    expect(Number(await chart.getAttribute('aria-valuemax'))).toBeCloseTo(last, 2);
    await page.keyboard.press('+');
    await page.keyboard.press('Escape');
    await page.getByText(/^\d+ s to \d+ s$/).waitFor();
    await page.getByRole('combobox', { name: 'X axis' }).selectOption('wall');
    await page.keyboard.press('Escape');
    await page.getByRole('slider', { name: 'K·W by time' }).waitFor();
    expect(await savedState()).toMatchObject({ axis: 'wall', zoom: null });
  });

  test('shows real samples, and copies and saves sample images', async () => {
    const opened = await open();
    const { page, savedState, postedMessages } = opened;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await followRun(opened, replayRun('digits'));
    await shown(page, 80);
    const image = page.getByRole('img', { name: 'Real samples' });
    expect(await image.count()).toBe(0);
    await button(page, 'Real').click();
    await image.waitFor();
    expect(await savedState()).toMatchObject({ real: true });
    await image.click();
    await button(page, 'Save sample image').click();
    expect((await postedMessages()).slice(1)).toEqual([
      { type: 'openSample', sample: 'real' },
      { type: 'saveSample', sample: 80 },
    ]);
    await button(page, 'Copy sample image').click();
    await page.getByText('Copied the samples at step 80 to the clipboard.').waitFor();
    await page.getByText('step 80 · copied').waitFor();
    const types = await page.evaluate(
      'navigator.clipboard.read().then((items) => items.flatMap((item) => item.types))',
    );
    expect(types).toEqual(['image/png']);
  });

  test('marks notices on the axis, and selecting one moves the cursor to it', async () => {
    const opened = await open();
    const { page } = opened;
    const directory = replayRun('running');
    await followRun(opened, directory);
    await page.locator('.notices').getByText('8 Gaussians on a ring, with new samples for every batch.').waitFor();
    const notice = { step: 70, wallTime: 1e9, level: 'warning', kind: 'health', message: 'The gradient vanished.' };
    appendFileSync(path.join(directory, 'notices.jsonl'), `${JSON.stringify(notice)}\n`);
    await page.getByRole('log', { name: 'Announcements' }).getByText('Step 70: The gradient vanished.').waitFor();
    await button(page, 'step 70').click();
    await page.locator('.mark-text').getByText('step 70: The gradient vanished.').waitFor();
    await page.locator('[aria-label="K·W by step"][aria-valuenow="70"]').waitFor();
  });

  test('shows why a run diverged, and at which step', async () => {
    const opened = await open('hc-light');
    const { page } = opened;
    const { count } = await followRun(opened, replayRun('diverged'));
    await waitForState(page, 'Diverged');
    const reason = `criticLoss is NaN at step ${count}.`;
    await page.getByRole('alert').getByText(reason).waitFor();
    expect(await button(page, 'Resume').isVisible()).toBe(false);
    await button(page, `step ${count}`).click();
    await page.locator('.mark-text').getByText(reason).waitFor();
  });

  test('escapes markup, bidirectional marks and control characters', async () => {
    const name = '<img src=x onerror=alert(1)>\u202eexe.nag\u001b[31m';
    const message = '<svg onload="alert(1)">\u2066hidden\u0000';
    const directory = replayRun('failed');
    const at = (each: string) => path.join(directory, each);
    const rewrite = (each: string, change: (content: Record<string, unknown>) => object) => {
      const content = JSON.parse(readFileSync(at(each), 'utf8')) as Record<string, unknown>;
      writeFileSync(at(each), JSON.stringify({ ...content, ...change(content) }));
    };
    rewrite('experiment.json', ({ experiment }) => ({
      experiment: { ...(experiment as object), name, [name]: message },
      checksum: undefined,
    }));
    rewrite('status.json', () => ({
      message,
      errors: [{ message: name, file: name, line: 1 }],
      device: name,
      engine: message,
      host: name,
    }));
    writeFileSync(
      at('notices.jsonl'),
      `${JSON.stringify({ step: 3, wallTime: 1, level: 'error', kind: name, message })}\n`,
    );
    writeFileSync(at('log.txt'), `${message}\n`);
    const metrics = readFileSync(at('metrics.bin'));
    const end = metrics.indexOf(10);
    const header = JSON.parse(metrics.toString('utf8', 0, end)) as { offset: number; columns: { name: string }[] };
    const columns = header.columns.map((column) => ({ ...column, label: name, unit: name }));
    const line = Buffer.alloc(8192, ' ');
    line.write(JSON.stringify({ ...header, columns, offset: line.length }));
    line.write('\n', line.length - 1);
    writeFileSync(at('metrics.bin'), Buffer.concat([line, metrics.subarray(header.offset)]));

    const opened = await open('dark', { id: directory, settingsOpen: true, logOpen: true });
    const { page } = opened;
    await followRun(opened, directory);
    expect(await page.locator('h1').textContent()).toBe('<img src=x onerror=alert(1)>\\u202eexe.nag\\x1b[31m');
    expect(await page.locator('.notices .notice-text').textContent()).toBe('<svg onload="alert(1)">\\u2066hidden\\x00');
    await page.getByRole('rowheader', { name: '<img src=x onerror=alert(1)>\\u202eexe.nag\\x1b[31m' }).waitFor();
    expect(
      await page.evaluate(
        "document.querySelectorAll('img:not(.sample-image img), b:not(.stat-cards b), svg:not(.icon):not(.swatch):not(.plot-entry svg)').length",
      ),
    ).toBe(0);
    const html = await page.evaluate('document.body.outerHTML');
    // eslint-disable-next-line no-control-regex -- must not occur
    expect(html).not.toMatch(/[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069]/);
  });

  test("uses the editor's language, but does not translate texts from files", async () => {
    const opened = await open('dark', null, 'de');
    const { page } = opened;
    const directory = replayRun('running');
    // A name that is also a text of the page.
    const manifest = path.join(directory, 'experiment.json');
    const text = readFileSync(manifest, 'utf8').replace(/,\s*"checksum": "[^"]*"/, '');
    writeFileSync(manifest, text.replace('"name": "ring"', '"name": "Settings"'));
    const { count } = await followRun(opened, directory);
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    await waitForState(page, 'Läuft');
    expect(await page.getByRole('progressbar', { name: 'Training' }).getAttribute('aria-valuetext')).toMatch(
      /^Schritt \d+ von 300$/,
    );
    expect(await page.locator('.facts').textContent()).toMatch(
      /^Schritt \d+ von 300\d+\u00a0%noch \d+ s\d+(,\d+)? it\/s/,
    );
    expect(await page.getByRole('slider', { name: 'K·W nach Schritt' }).getAttribute('aria-valuetext')).toMatch(
      new RegExp(`^Schritt ${count}: K·W Median −?\\d,\\d+, K·W ungeglättet `),
    );
    for (const name of ['Pausieren', 'Beenden', 'Kurven als CSV speichern', 'Stichprobenbild kopieren'])
      await page.getByRole('button', { name }).waitFor();
    await page.locator('.notices').getByText('8 Gaussians on a ring, with new samples for every batch.').waitFor();
    expect(await page.locator('h1').textContent()).toBe('Settings');
  });

  test('skips an invalid message', async () => {
    const opened = await open();
    const directory = replayRun('running');
    const { count } = await followRun(opened, directory);
    await opened.send({ type: 'rows', rows: { step: [1], wallTime: [1], values: {} } } as unknown as Parameters<
      typeof opened.send
    >[0]);
    await appendRows(directory, 2);
    await waitForRows(opened.page, count + 2);
    expect(opened.consoleErrors.splice(0)).toEqual([
      "warning: Skipped an invalid message to the monitor: the 'rows' of a message 'rows' is not valid.",
    ]);
  });
});
