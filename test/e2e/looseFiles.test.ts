// Files that are opened in a window without a folder.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { brief } from './support/experiments';
import { inVsCode } from './support/inVsCode';

inVsCode('a loose file', {}, (open) => {
  test('of a sweep is checked in a terminal, whose output stays, again after a change', async () => {
    const sweep = { experiment: './brief.gan.json', seeds: 3 };
    const files = { 'brief.gan.json': brief, 'seeds.sweep.json': JSON.stringify(sweep, null, 2) };
    const { window, space } = await open(files, 'beside');
    const { page } = window;
    await window.openPath(path.join(space.folder, 'seeds.sweep.json'));
    await window.clickLens('Dry-run sweep');
    const terminal = page.locator('.terminal-wrapper .xterm-rows');
    const prints = (text: RegExp) =>
      eventually(
        `the terminal prints ${text}`,
        async () => (await terminal.allTextContents()).join(' '),
        (shown) => text.test(shown.replaceAll('\u00a0', ' ')),
      );
    await prints(/3 trials in \S+: 3 new, 3 to train/);
    await prints(/Nothing was started/);
    // Neither planned nor trained.
    expect(existsSync(path.join(space.folder, '.earthmover', 'sweeps'))).toBe(false);

    // What the editor shows is checked: it is saved first.
    await page.locator('.view-line span').getByText('3', { exact: true }).last().dblclick();
    await page.keyboard.type('4');
    await window.clickLens('Dry-run sweep');
    await prints(/4 trials in/);
    expect(await page.getByRole('tab', { name: /^seeds\.sweep\.json/ }).count()).toBe(1);
    expect(await window.notification(/./).count()).toBe(0);
  });
});
