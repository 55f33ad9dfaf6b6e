// The monitor in real VS Code with finished runs: what only a webview can test, from image policy to the clipboard.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type Recorded, recordings, replay } from '../../scripts/lib/recordings.mjs';
import { sendCommand } from '../../src/run/control';
import { thisProcess } from '../../src/run/process';
import { eventually } from './support/eventually';
import { brief } from './support/experiments';
import { inVsCode } from './support/inVsCode';

/** A run that was trained earlier. */
async function trained(folder: string, time: string, run: Recorded): Promise<string> {
  const recorded = path.join(await recordings({ sendCommand }), run);
  return replay({ thisProcess }, recorded, path.join(folder, '.earthmover', 'runs', `20260101-${time}-ring`), 'dead');
}

inVsCode('the monitor', {}, (open) => {
  test('shows a run whose sample image can be opened, copied and saved', async () => {
    const { window, space } = await open({ 'brief.gan.json': brief });
    const { page, monitor } = window;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const directory = await trained(space.folder, '100000', 'seed-1');
    await window.page.getByRole('tab', { name: 'Earthmover' }).first().click();
    await window.command('Earthmover: Open Monitor');
    await eventually(
      'the curve is there',
      () => monitor.rows(),
      (rows) => rows === 60,
    );
    expect(await monitor.stateText()).toBe('Finished');
    const shown = await eventually(
      'the image is shown',
      () => monitor.shownSample(),
      ({ width }) => width > 0,
    );
    const file = path.join(directory, 'samples', 'step-60.png');
    const { width, height } = await sharp(file).metadata();
    expect(shown).toEqual({ step: 60, width });

    await monitor.button('Copy sample image').click();
    await monitor.frame.getByText('step 60 · copied').waitFor();
    const copied = await page.evaluate(readPicture);
    expect([copied.width, copied.height]).toEqual([width, height]);
    const { data } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(Buffer.from(copied.rgba, 'base64').equals(data)).toBe(true);

    await monitor.button('Save sample image').click();
    await window.acceptPath('OK');
    const saved = await eventually(
      'it is saved',
      () => readdirSync(space.folder).find((name) => name.endsWith('-step-60.png')) ?? '',
    );
    expect(readFileSync(path.join(space.folder, saved)).equals(readFileSync(file))).toBe(true);

    await monitor.button('Open sample image').click();
    await window.tab(/^step-60\.png/).waitFor();
    const image = page
      .locator('iframe.webview >> visible=true')
      .last()
      .contentFrame()
      .frameLocator('#active-frame')
      .locator('img');
    await eventually(
      'the image is shown',
      () => image.evaluate((img: { naturalWidth: number }) => img.naturalWidth),
      (now) => now === width,
    );
  });

  test('compares runs, opens one of them, and saves the curves of all runs', async () => {
    const { window, space } = await open({ 'brief.gan.json': brief });
    const { monitor } = window;
    await trained(space.folder, '100000', 'seed-1');
    await trained(space.folder, '110000', 'seed-2');
    await trained(space.folder, '120000', 'clipped');
    // Opening the Runs view lists runs that were created elsewhere.
    await window.page.getByRole('tab', { name: 'Earthmover' }).first().click();
    await window.command('Earthmover: Compare Runs');
    const offered = window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'finished' });
    for (const i of [0, 1, 2]) await offered.nth(i).click();
    await window.acceptPath('OK');
    await window.tab('Compare ring').waitFor();
    const { frame } = monitor;
    await frame.getByRole('heading', { name: 'ring: comparison of 3 runs' }).waitFor();
    await eventually(
      'all are read',
      () => monitor.rows(),
      (rows) => rows === 60,
    );
    const heads = () => frame.getByRole('columnheader').allTextContents();
    await eventually('seeds are together', heads, (texts) => texts.length === 2);
    expect((await heads()).map((text) => text.trim()).sort()).toEqual(['clip', 'gradient-penaltyseed 2seed 1']);
    const kinds = frame
      .getByRole('row')
      .filter({ has: frame.getByRole('rowheader', { name: 'constraint.0.kind' }) })
      .getByRole('cell');
    expect((await kinds.allTextContents()).sort()).toEqual(['clip', 'gradient-penalty']);

    await monitor.button('Save curves as CSV').click();
    await window.acceptPath('OK');
    const table = path.join(space.folder, 'comparison.csv');
    await window.notification('The curves were saved to').waitFor();
    expect(existsSync(table)).toBe(true);
    const lines = readFileSync(table, 'utf8').trim().split('\r\n');
    expect(lines[0]).toMatch(/^run,step,seconds,criticLoss,generatorLoss,estimate,/);
    expect(lines).toHaveLength(1 + 3 * 60);

    await monitor.button('seed 2').click();
    // Next to the comparison, which stays open.
    const other = window.page
      .locator('iframe.webview >> visible=true')
      .last()
      .contentFrame()
      .frameLocator('#active-frame');
    await other.getByRole('heading', { name: 'ring', exact: true }).waitFor();
    expect(await other.getByRole('status').first().textContent()).toBe('Finished');
  });
});

/** Runs in the browser: the pixels of the image on the clipboard. */
async function readPicture(): Promise<{ width: number; height: number; rgba: string }> {
  interface Context {
    drawImage: (bitmap: object, x: number, y: number) => void;
    getImageData: (x: number, y: number, width: number, height: number) => { data: Uint8ClampedArray };
  }
  const browser = globalThis as unknown as {
    navigator: { clipboard: { read: () => Promise<{ getType: (type: string) => Promise<Blob> }[]> } };
    createImageBitmap: (blob: Blob) => Promise<{ width: number; height: number }>;
    OffscreenCanvas: new (width: number, height: number) => { getContext: (kind: '2d') => Context };
  };
  const [item] = await browser.navigator.clipboard.read();
  const bitmap = await browser.createImageBitmap(await item.getType('image/png'));
  const { width, height } = bitmap;
  const context = new browser.OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  let binary = '';
  for (const byte of context.getImageData(0, 0, width, height).data) binary += String.fromCharCode(byte);
  return { width, height, rgba: btoa(binary) };
}
