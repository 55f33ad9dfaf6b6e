// The monitor's page in a plain browser under the extension's own policy: what a user does to it, and what it must not lose.
import { describe, expect, test } from 'vitest';
import { type OpenedPage, themes } from '../../scripts/lib/monitorPage.mjs';
import { palettes } from '../../webview/palette';
import { has, noBrowser, pageBench, pictures, rows, running } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? "the monitor's page" : `the monitor's page (${noBrowser})`, () => {
  const { open, real, sample, state } = pageBench();
  const shown = (page: OpenedPage['page'], step: number) => page.getByRole('img', { name: `Samples at step ${step}`, exact: true }).waitFor(); // prettier-ignore

  test('grows from nothing to a curve', async () => {
    const { page, send } = await open();
    await send({ type: 'state', state: state({ columns: [], rows: rows(1, 0), samples: [], status: null, liveness: null }) }); // prettier-ignore
    await page.getByText('The curve begins with the first step.').waitFor();
    await page.getByText('The first samples come at step 200.').waitFor();
    expect(await page.getByRole('status').first().textContent()).toBe('Starting');

    await send({ type: 'state', state: state() });
    await has(page, 1000);
    await send({ type: 'rows', rows: rows(1001, 1010) });
    await has(page, 1010);
    expect(await page.locator('[data-first-step]').getAttribute('data-first-step')).toBe('1');
    const progress = page.getByRole('progressbar', { name: 'Training' });
    expect(await progress.getAttribute('aria-valuetext')).toBe('step 1,000 of 2,000');
    await send({ type: 'status', status: { ...running, step: 1010 }, liveness: 'alive' });
    expect(await progress.getAttribute('aria-valuenow')).toBe('1010');
    // Nothing that can be pressed is without a name.
    for (const button of await page.getByRole('button').all())
      expect(await button.evaluate((e: { ariaLabel: string | null; textContent: string | null }) => `${e.ariaLabel ?? ''}${e.textContent ?? ''}`.trim())).not.toBe(''); // prettier-ignore
  });

  test('keeps its zoom while the curve grows, and over a reload', async () => {
    const first = await open();
    await first.send({ type: 'state', state: state() });
    await has(first.page, 1000);
    const plot = await first.page.locator('.chart.main .u-over').boundingBox();
    if (plot === null) throw new Error('the chart is not there');
    const at = (share: number) => [plot.x + share * plot.width, plot.y + 50] as const;
    await first.page.mouse.move(...at(0.25));
    await first.page.mouse.down();
    await first.page.mouse.move(...at(0.5), { steps: 5 });
    await first.page.mouse.up();
    const all = first.page.getByRole('button', { name: 'Show all' });
    await all.waitFor();
    const { zoom } = (await first.remembered()) as { zoom: [number, number] };
    expect(zoom[0]).toBeGreaterThan(230);
    expect(zoom[0]).toBeLessThan(270);
    expect(zoom[1]).toBeGreaterThan(480);
    expect(zoom[1]).toBeLessThan(520);

    const pixels = () => first.page.locator('.chart.main canvas').evaluate((canvas: { toDataURL: () => string }) => canvas.toDataURL()); // prettier-ignore
    await first.page.mouse.move(0, 0);
    const before = await pixels();
    await first.send({ type: 'rows', rows: rows(1001, 1400) });
    await has(first.page, 1400);
    expect(await pixels()).toBe(before);

    const second = await open('dark', await first.remembered());
    await second.send({ type: 'state', state: state() });
    await second.page.getByText(`steps ${Math.ceil(zoom[0])} to ${Math.floor(zoom[1])}`, { exact: true }).waitFor();
    await second.page.locator('.chart.main .u-over').dblclick();
    await second.page.getByRole('button', { name: 'Show all' }).waitFor({ state: 'hidden' });
    expect(await second.remembered()).toMatchObject({ id: '/runs/a', zoom: null });
  });

  test('tells the values at the cursor, by mouse and by keyboard, in every chart at once', async () => {
    const { page, send } = await open();
    await send({ type: 'state', state: state() });
    await has(page, 1000);
    const chart = page.getByRole('slider', { name: 'K·W by step' });
    const stands = (name: string, step: number) => page.locator(`[aria-label="${name} by step"][aria-valuenow="${step}"]`).waitFor(); // prettier-ignore
    await chart.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.getByText('step 2', { exact: true }).waitFor();
    await stands('Losses', 2);
    expect(await chart.getAttribute('aria-valuetext')).toContain(`K·W raw ${(1 + Math.cos(2 / 70)).toFixed(3)}`);
    await page.keyboard.press('Escape');
    await stands('K·W', 1000);

    const generator = page.getByRole('button', { name: 'generator' });
    await generator.click();
    expect(await generator.getAttribute('aria-pressed')).toBe('false');
  });

  test('follows the latest picture until the user looks at another', async () => {
    const { page, send, remembered, posted } = await open();
    await send({ type: 'state', state: state() });
    await shown(page, 600);
    await page.getByRole('button', { name: 'Previous samples' }).click();
    await shown(page, 400);
    await send({ type: 'samples', samples: pictures.map(sample), real: null });
    await page.getByText('step 400 · 2 of 4').waitFor();
    await shown(page, 400);
    expect(await remembered()).toMatchObject({ sampleStep: 400 });

    await page.getByRole('checkbox', { name: 'Follow latest' }).click();
    await shown(page, 800);
    expect(await remembered()).toMatchObject({ sampleStep: null });
    const slider = page.getByRole('slider', { name: 'Step of the samples' });
    await slider.focus();
    await page.keyboard.press('Home');
    await shown(page, 200);
    expect(await slider.getAttribute('aria-valuetext')).toBe('step 200');
    // Eight pixels wide, so enlarged: without smoothing.
    expect(await page.locator('.picture img').evaluate((image: { className: string }) => image.className)).toBe('enlarged'); // prettier-ignore
    await page.locator('.picture img').click();
    expect(await posted()).toContainEqual({ type: 'openSample', sample: 200 });
  });

  test('offers what the state allows, and asks once', async () => {
    const { page, send, posted } = await open();
    await send({ type: 'state', state: state() });
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    await button('Pause').click();
    await button('Pause').click({ force: true });
    expect((await posted()).slice(1)).toEqual([{ type: 'control', command: 'pause' }]);
    await send({ type: 'status', status: { ...running, state: 'paused', message: 'Paused; resume it to go on.' }, liveness: 'alive' }); // prettier-ignore
    await button('Resume').waitFor();
    expect(await button('Pause').isVisible()).toBe(false);
    expect(await page.getByRole('status').first().textContent()).toBe('Paused');

    const errors = [{ message: 'It ends in 3 numbers.', file: 'models/critic.ts', line: 14, column: 7 }];
    await send({ type: 'status', status: { ...running, state: 'failed', message: 'The critic is wrong.', errors }, liveness: 'ended' }); // prettier-ignore
    const alert = page.getByRole('alert').filter({ hasText: 'The critic is wrong.' });
    expect(await alert.textContent()).toContain('models/critic.ts:14:7: It ends in 3 numbers.');
    expect(await button('Stop').isVisible()).toBe(false);
    await button('Go on').click();
    for (const name of ['Open experiment', 'Open log', 'Reveal run directory']) await button(name).click();
    expect((await posted()).slice(2).map(({ type }) => type)).toEqual(['goOn', 'openExperiment', 'openLog', 'reveal']);
  });

  test('starts over where a resumed run does, and says what is in the way of a run', async () => {
    const { page, send } = await open('light');
    await send({ type: 'problem', message: '/runs/a is not a run directory.' });
    const problem = page.getByRole('alert').filter({ hasText: '/runs/a is not a run directory.' });
    await problem.waitFor();
    await send({ type: 'state', state: state() });
    await has(page, 1000);
    expect(await problem.isVisible()).toBe(false);
    await send({ type: 'state', state: state({ rows: rows(1, 500) }) });
    await has(page, 500);
    await send({ type: 'rows', rows: rows(501, 600) });
    await has(page, 600);
    expect(await page.locator('[data-rows]').count()).toBe(1);
  });

  test('changes its colours with the theme', async () => {
    const { page, send } = await open('dark');
    await send({ type: 'state', state: state() });
    await has(page, 1000);
    const look = () =>
      page.locator('.chart.main').evaluate((chart: { querySelector: (s: string) => { toDataURL: () => string; style: { getPropertyValue: (n: string) => string } } }) => ({ pixels: chart.querySelector('canvas').toDataURL(), line: chart.querySelector('.swatch.bold').style.getPropertyValue('--line') })); // prettier-ignore
    const dark = await look();
    expect(dark.line).toBe(palettes.dark[0]);
    await page.evaluate((theme) => (globalThis as unknown as { setTheme: (t: unknown) => void }).setTheme(theme), themes['hc-light']); // prettier-ignore
    await page.waitForFunction('document.querySelector(".swatch.bold").style.getPropertyValue("--line") !== "' + dark.line + '"'); // prettier-ignore
    const light = await look();
    expect(light.line).toBe(palettes.light[0]);
    expect(light.pixels).not.toBe(dark.pixels);
  });

  test('smooths and takes logarithms as it is told, and remembers it', async () => {
    const first = await open();
    await first.send({ type: 'state', state: state() });
    await has(first.page, 1000);
    const pixels = (page: OpenedPage['page']) => page.locator('.chart.main canvas').evaluate((canvas: { toDataURL: () => string }) => canvas.toDataURL()); // prettier-ignore
    const smooth = await pixels(first.page);
    await first.page.getByRole('combobox', { name: 'Smoothing' }).focus();
    await first.page.getByRole('combobox', { name: 'Smoothing' }).selectOption('1');
    await first.page.getByRole('button', { name: 'K·W median' }).waitFor({ state: 'detached' });
    expect(await first.page.getByRole('combobox', { name: 'Smoothing' }).evaluate((box: { matches: (s: string) => boolean }) => box.matches(':focus'))).toBe(true); // prettier-ignore
    const log = first.page.getByRole('button', { name: 'Log', exact: true });
    await log.click();
    await first.page.locator('.chart.main.log').waitFor();
    // Losses are below zero.
    expect(await first.page.locator('.small .chart.log').count()).toBe(0);
    expect(await pixels(first.page)).not.toBe(smooth);

    const second = await open('dark', await first.remembered());
    await second.send({ type: 'state', state: state() });
    await second.page.locator('.chart.main.log').waitFor();
    expect(await second.page.getByRole('combobox', { name: 'Smoothing' }).inputValue()).toBe('1');
    expect(await second.page.getByRole('button', { name: 'Log', exact: true }).getAttribute('aria-pressed')).toBe('true'); // prettier-ignore
    await second.page.getByRole('button', { name: 'Save curves as CSV' }).click();
    expect(await second.posted()).toContainEqual({ type: 'saveCsv' });
  });

  test('lays real samples beside, copies a picture and has it saved', async () => {
    const { page, send, remembered, posted } = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await send({ type: 'state', state: state({ real: real() }) });
    await shown(page, 600);
    const image = page.getByRole('img', { name: 'Real samples' });
    expect(await image.count()).toBe(0);
    await page.getByRole('button', { name: 'Real', exact: true }).click();
    await image.waitFor();
    expect(await remembered()).toMatchObject({ real: true });
    await image.click();
    await page.getByRole('button', { name: 'Save samples as' }).click();
    expect((await posted()).slice(1)).toEqual([
      { type: 'openSample', sample: 'real' },
      { type: 'saveSample', sample: 600 },
    ]);
    await page.getByRole('button', { name: 'Copy samples' }).click();
    await page.getByText('The samples of step 600 are on the clipboard.').waitFor();
    await page.getByText('step 600 · copied').waitFor();
    const types = await page.evaluate(
      'navigator.clipboard.read().then((items) => items.flatMap((item) => item.types))',
    );
    expect(types).toEqual(['image/png']);
  });

  test('shows what happened on the axis, and goes there', async () => {
    const { page, send } = await open();
    const note = { step: 700, level: 'warning', message: 'The gradient vanished.' } as const;
    await send({ type: 'state', state: state() });
    await has(page, 1000);
    await send({ type: 'notes', notes: [{ step: 0, level: 'info', message: 'Eight modes.' }, note] });
    await page.getByRole('log', { name: 'Announcements' }).getByText('Step 700: The gradient vanished.').waitFor();
    await page.getByRole('button', { name: 'step 700' }).click();
    await page.locator('.happened').getByText('step 700: The gradient vanished.').waitFor();
    await page.locator('[aria-label="K·W by step"][aria-valuenow="700"]').waitFor();
  });

  test('shows text that would be markup, turn a line or hide, as text', async () => {
    const { page, send } = await open();
    const name = '<img src=x onerror=alert(1)>\u202eexe.nag\u001b[31m';
    const message = '<svg onload="alert(1)">\u2066hidden\u0000';
    await send({
      type: 'state',
      state: state({
        name,
        columns: [{ name: 'estimate', label: name, unit: name }, { name: '"><b>x', label: name, unit: '' }],
        rows: { ...rows(1, 5), values: { estimate: new Float32Array(5), '"><b>x': new Float32Array(5) } },
        estimate: { label: name, text: name, theory: { label: name, value: 1 } },
        notes: [{ step: 3, level: 'error', message }],
        settings: [{ key: name, value: message, said: name }],
        log: [message],
        status: { ...running, state: 'failed', message, errors: [{ message: name, file: name, line: 1 }] },
      }),
    }); // prettier-ignore
    await has(page, 5);
    expect(await page.locator('h1').textContent()).toBe('<img src=x onerror=alert(1)>\\u202eexe.nag\\x1b[31m');
    expect(await page.locator('.notes .what').textContent()).toBe('<svg onload="alert(1)">\\u2066hidden\\x00');
    expect(await page.evaluate("document.querySelectorAll('img:not(.picture img), b:not(.figures b), svg:not(.icon):not(.swatch)').length")).toBe(0); // prettier-ignore
    const html = await page.evaluate('document.body.outerHTML');
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    expect(html).not.toMatch(/[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069]/);
  });

  test("speaks the editor's language, and leaves to files theirs", async () => {
    const { page, send } = await open('dark', null, 'de');
    await send({ type: 'state', state: state({ name: 'Settings', notes: [{ step: 0, level: 'info', message: 'Eight modes.' }] }) }); // prettier-ignore
    await has(page, 1000);
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    expect(await page.getByRole('status').first().textContent()).toBe('Läuft');
    expect(await page.getByRole('progressbar', { name: 'Training' }).getAttribute('aria-valuetext')).toBe('Schritt 1.000 von 2.000'); // prettier-ignore
    expect(await page.locator('.facts').textContent()).toContain('50\u00a0%noch 50 s20,0 it/s');
    expect(await page.getByRole('slider', { name: 'K·W nach Schritten' }).getAttribute('aria-valuetext')).toMatch(/^Schritt 1\.000: K·W Median \d,\d{3}, K·W roh /); // prettier-ignore
    for (const name of ['Anhalten', 'Beenden', 'Kurven als CSV speichern', 'Stichproben kopieren']) await page.getByRole('button', { name }).waitFor(); // prettier-ignore
    await page.getByText('Eight modes.').waitFor();
    // A name that happens to be one of the page's own words.
    expect(await page.locator('h1').textContent()).toBe('Settings');
  });

  test('leaves out a message that is none', async () => {
    const opened = await open();
    const bad = { type: 'rows', rows: { step: [1], wallTime: [1], values: {} } } as unknown as Parameters<typeof opened.send>[0]; // prettier-ignore
    await opened.send({ type: 'state', state: state() });
    await has(opened.page, 1000);
    await opened.send(bad);
    await opened.send({ type: 'rows', rows: rows(1001, 1002) });
    await has(opened.page, 1002);
    expect(opened.complaints.splice(0)).toEqual(["warning: A message to the monitor was left out: the 'rows' of a message 'rows' is not valid."]); // prettier-ignore
  });
});
