// Multi-root workspaces, keyboard use, the status bar, and the walkthrough.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { lasting } from './support/experiments';
import { inVsCode } from './support/inVsCode';
import { tools } from './support/tools';
import { runsOf } from './support/workspace';

inVsCode('the editor around a training', {}, (open) => {
  test('trains each experiment in its own workspace folder, and lists the runs of all folders', async () => {
    const { window, space } = await open({
      'both.code-workspace': { folders: [{ path: 'first' }, { path: 'second' }] },
      'first/one.gan.json': lasting.replace('"ring"', '"one"'),
      'second/two.gan.json': lasting.replace('"ring"', '"two"'),
    });
    const { page } = window;
    const [first, second] = ['first', 'second'].map((name) => () => runsOf(path.join(space.folder, name)));
    await window.openFile('two.gan.json');
    await window.clickLens('▶ Train');
    await window.monitor.rowsBeyond(5);
    expect([first().length, second().length]).toEqual([0, 1]);
    await window.openFile('one.gan.json');
    await window.clickLens('▶ Train');
    await eventually('the other one trains', () => first()[0]?.rows() > 5);
    expect(second()).toHaveLength(1);

    await page.getByRole('tab', { name: 'Earthmover' }).first().click();
    for (const name of ['one', 'two']) {
      await page.getByRole('treeitem', { name: new RegExp(`^${name}, running`) }).waitFor();
    }
    const bar = page.locator('.statusbar-item[id$="earthmover.progress"]');
    await eventually(
      'the status bar counts both',
      () => bar.textContent(),
      (text) => /2 runs/.test(text ?? ''),
    );
    await window.command('Earthmover: Stop');
    await window.choose(/^one/);
    await eventually('one has stopped', () => first()[0].status().state === 'stopped');
    await eventually(
      'the status bar counts the other',
      () => bar.textContent(),
      (text) => /two \d+%/.test(text ?? ''),
    );
    // It changes between the pressing and the release of the button.
    const label = bar.getByRole('button');
    const { x, y, width, height } = (await label.boundingBox())!;
    const before = await label.getAttribute('aria-label');
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await eventually('it changes', async () => (await label.getAttribute('aria-label')) !== before);
    await page.mouse.up();
    await window.monitor.frame.getByRole('heading', { name: 'two', exact: true }).waitFor();
    await window.monitor.button('Stop').click();
    await eventually('it disappears when nothing is trained', async () => !(await bar.isVisible()));
  });

  test('shows runs that a terminal starts and resumes', async () => {
    const { window, space, server } = await open({
      'both.code-workspace': { folders: [{ path: 'first' }, { path: 'second' }] },
      'first/one.gan.json': lasting,
      'second/two.gan.json': lasting.replace('"ring"', '"two"'),
    });
    const { page } = window;
    const folder = path.join(space.folder, 'second');
    const inTerminal = (...args: readonly string[]) =>
      spawn(tools().workbench.node, [path.join(server.extension, 'dist', 'cli.cjs'), ...args], {
        cwd: folder,
        stdio: 'ignore',
      });
    const bar = page.locator('.statusbar-item[id$="earthmover.progress"]');
    const counts = () =>
      eventually(
        'the status bar counts',
        async () => (await bar.isVisible()) && bar.textContent(),
        (text) => /two \d+%/.test(text || ''),
      );
    // The extension is active and has found no runs.
    await window.openFile('two.gan.json');
    await window.lens('▶ Train');
    expect(await bar.isVisible()).toBe(false);

    inTerminal('train', 'two.gan.json');
    await counts();
    const [run] = runsOf(folder);
    await page.getByRole('tab', { name: 'Earthmover' }).first().click();
    await page.getByRole('treeitem', { name: /^two, running/ }).waitFor();
    await page.getByRole('tab', { name: 'Explorer' }).first().click();
    inTerminal('stop', run.directory);
    await eventually('it has stopped', () => run.status().state === 'stopped');
    await eventually('the status bar says no more', async () => !(await bar.isVisible()));
    inTerminal('resume', run.directory);
    await counts();
    expect(run.status().attempt).toBe(2);
  });

  test('can be used with the keyboard only', async () => {
    const { window, space } = await open({ 'ring.gan.json': lasting });
    const { page, monitor } = window;
    await page.keyboard.press('Control+P');
    const quickOpen = page.locator('.quick-input-widget .monaco-list-row', { hasText: 'ring.gan.json' }).first();
    await eventually('the file is offered', async () => {
      await page.locator('.quick-input-widget input').fill('ring.gan.json', { timeout: 3000 });
      await quickOpen.waitFor({ timeout: 3000 });
      return true;
    });
    await page.keyboard.press('Enter');
    await window.tab(/^ring\.gan\.json/).waitFor();
    await window.type('Earthmover: Train');
    await monitor.rowsBeyond(10);
    const [run] = space.runs();

    await window.type('View: Focus Right Editor Group');
    // A button is a custom element with a shadow root and a button in it: both have the focus.
    const focused = monitor.frame.locator(':focus').first();
    const press = async (key: string) => page.keyboard.press(key);
    /** Presses a key until the focused element has this name. */
    const reach = (key: string, name: RegExp) =>
      eventually(
        `${key} leads to ${name}`,
        async () => {
          await press(key);
          const [element] = await focused.all();
          return (await element?.getAttribute('aria-label')) ?? (await element?.textContent()) ?? '';
        },
        (label) => name.test(label),
      );
    await reach('Tab', /^Pause/);
    await press('Enter');
    await eventually('it pauses', () => run.status().state === 'paused');
    await eventually('the focus is on what came instead', async () =>
      /^Resume/.test((await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? ''),
    );
    await press('Enter');
    await eventually('it runs again', () => run.status().state === 'running');
    await reach('Tab', / by step$/);
    await press('Home');
    await eventually(
      'the chart tells its first step',
      () => focused.getAttribute('aria-valuetext'),
      (text) => /^step 1: /.test(text ?? ''),
    );

    await window.type('Earthmover: Stop');
    await eventually('it stops', () => run.status().state === 'stopped');
  });

  test('asks before it installs the optional engine, and does nothing without confirmation', async () => {
    const { window, server } = await open({ 'README.md': '# Empty\n' });
    const dialog = window.page.locator('.monaco-dialog-box');
    await window.command('Earthmover: Install TensorFlow…');
    await dialog.getByText('Install tfjs-node (TensorFlow for Node.js)?').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    const storage = path.join(server.extension, '../../user/User/globalStorage/earthmover.earthmover/packages');
    expect(readdirSync(storage)).toEqual([]);
  });

  test('has a walkthrough, with what was done before it was opened', async () => {
    const { window } = await open({ 'README.md': '# Empty\n' });
    const { page } = window;
    await window.command('Earthmover: New Experiment…');
    await window.choose(/WGAN-GP/);
    await window.choose(/Ring of Gaussians/);
    await window.tab(/ring-wgan-gp\.gan\.json/).waitFor();
    await window.command('Welcome: Open Walkthrough...');
    await window.choose(/Train Your First GAN/);
    const steps = page.locator('.gettingStartedContainer .getting-started-step');
    await eventually(
      'its steps are there',
      () => steps.count(),
      (count) => count === 6,
    );
    await page
      .getByRole('checkbox', { name: /Create an experiment/, checked: true })
      .first()
      .waitFor();
    const image = page.locator('.gettingStartedContainer .getting-started-media').locator('iframe, img, svg').first();
    await image.waitFor();
    await page.getByRole('button', { name: 'New Experiment' }).first().click();
    await window.choose(/WGAN-GP/);
    await window.choose(/Ring of Gaussians/);
    await window.tab(/ring-wgan-gp-2\.gan\.json/).waitFor();
  });
});
