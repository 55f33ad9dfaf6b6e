// The page of the doctor in a plain browser: its states, its buttons, with axe-core, in a narrow panel.
import { describe, expect, test } from 'vitest';
import { doctorReport } from '../../scripts/lib/doctorScenes.mjs';
import { violations } from './support/axe';
import { noBrowser, setTheme, setUpPageTests } from './support/monitorPage';

const unless = (title: string) => (noBrowser === '' ? title : `${title} (${noBrowser})`);

describe.skipIf(noBrowser !== '')(unless('the page of the doctor'), () => {
  const { open } = setUpPageTests({ withRecordings: false });

  test('says what works, what is not available, and never "OK" of what is missing', async () => {
    const { page, send } = await open();
    await send(doctorReport({}, { count: 2 }));
    const badge = page.locator('header .badge');
    const row = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
    expect(await badge.textContent()).toBe('Checking');
    expect(await row('Memory').locator('.state').textContent()).toBe('Checking');
    await send(doctorReport());
    expect(await badge.textContent()).toBe('Training works here');
    expect(await row('Memory').locator('.state').textContent()).toBe('OK');
    for (const missing of ['GPU (WebGPU)', 'GPU (CUDA)', 'TensorFlow'])
      expect(await row(missing).locator('.state').textContent()).toBe('Not available');
    expect(await row('ONNX Runtime').locator('.result').textContent()).toContain('1.30.0 works');
    expect(await row('TensorFlow').locator('.todo').textContent()).toBe('Most experiments do not need it.');
  });

  test('offers what to do about each problem', async () => {
    const { page, send, postedMessages } = await open();
    await send(doctorReport({ 'Node.js': ['fail', '18.20.4 is too old'], Disk: ['warn', '512 MiB free'] }));
    expect(await page.locator('header .badge').textContent()).toBe('Training does not work here');
    for (const name of ['Check again', 'Copy report', 'Install TensorFlow…', 'Show log'])
      await page.getByRole('button', { name }).click();
    for (const button of await page.getByRole('button', { name: 'Open setting' }).all()) await button.click();
    const actions = (await postedMessages()).flatMap((message) =>
      message.type === 'doctorAction' ? [message.action] : [],
    );
    expect(actions).toEqual([
      ...['checkAgain', 'copyReport', 'installTensorflow', 'showLog'],
      ...['openNodePath', 'openRunsFolder'],
    ]);
  });

  test('says why nothing could be checked', async () => {
    const { page, send } = await open();
    await send({ ...doctorReport({}, { problem: 'Cannot start "/opt/node".' }), checks: [] } as never);
    expect(await page.getByRole('alert').filter({ visible: true }).textContent()).toBe('Cannot start "/opt/node".');
    expect(await page.locator('header .badge').textContent()).toBe('Not checked');
  });

  test('fits into 260 pixels, and axe-core finds no violations in three themes', async () => {
    const { page, send } = await open();
    await send(doctorReport({ 'Node.js': ['fail', '18.20.4 is too old'], Disk: ['warn', '512 MiB free'] }));
    for (const theme of ['light', 'hc-dark', 'dark'] as const) {
      await setTheme(page, theme);
      expect([theme, ...(await violations(page))]).toEqual([theme]);
    }
    await page.setViewportSize({ width: 260, height: 700 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(260);
  });
});
