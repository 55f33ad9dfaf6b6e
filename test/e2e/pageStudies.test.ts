// The pages of reproductions and of distances in a plain browser: with axe-core, by mouse and keyboard, and restored.
// cspell:ignore Abstände zwischen zwei Verteilungen
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import { studies } from '../../src/catalog';
import type { StudyProgress } from '../../src/protocol/reproductions';
import { thisProcess } from '../../src/run/process';
import { violations } from './support/axe';
import { noBrowser, setTheme, setUpPageTests } from './support/monitorPage';

const unless = (title: string) => (noBrowser === '' ? title : `${title} (${noBrowser})`);

describe.skipIf(noBrowser !== '')(unless('the page of distances'), () => {
  const { open } = setUpPageTests();
  const opened = async (viewState?: unknown, language?: string) => {
    const page = await open('dark', viewState, language);
    await page.send({ type: 'distances' });
    return page;
  };
  const value = ({ page }: OpenedPage, name: string) =>
    page.getByRole('row', { name, exact: false }).getByRole('cell').first().textContent();

  test('axe-core finds no violations, with any values and in three themes', async () => {
    const { page } = await opened();
    for (const theme of ['light', 'hc-dark', 'dark'] as const) {
      await setTheme(page, theme);
      expect([theme, ...(await violations(page))]).toEqual([theme]);
    }
  });

  test('KL is infinite for disjoint supports, JS stays at log 2, and W₁ grows, by the arrow keys', async () => {
    const found = await opened();
    const { page } = found;
    const all = async () => [await value(found, 'KL(p‖q)'), await value(found, 'JS'), await value(found, 'W₁')];
    expect(await all()).toEqual(['∞', '0.6931', '2.000']);
    const q = page.getByRole('slider', { name: 'Move q' });
    await q.focus();
    await page.keyboard.press('PageUp');
    expect(await all()).toEqual(['∞', '0.6931', '2.500']);
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft']) await page.keyboard.press(key);
    expect([await q.getAttribute('aria-valuenow'), await value(found, 'W₁')]).toEqual(['1.55', '2.550']);
    await page.getByRole('log', { name: 'Announcements' }).getByText('2.55 apart: KL(p‖q) ∞').waitFor();
    const noise = page.getByRole('slider', { name: 'Instance noise' });
    await noise.focus();
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowRight');
    expect(await noise.inputValue()).toBe('0.5');
    const [kl, js, w1] = await all();
    expect([Number(kl) > 1, Number(js) < 0.6931, w1]).toEqual([true, true, '2.550']);
    await page.keyboard.press('Home');
    await page.getByRole('combobox', { name: 'Shape of p' }).selectOption('gaussian');
    expect(await value(found, 'KL(p‖q)')).toBe('∞');
    await page.getByRole('slider', { name: 'Move q' }).press('Home');
    expect(await q.getAttribute('aria-valuenow')).toBe('-4');
  });

  test('a handle is dragged', async () => {
    const found = await opened();
    const { page } = found;
    const knob = page.locator('.handle.q .knob');
    const from = (await knob.boundingBox())!;
    const to = (await page.locator('.handle.p .knob').boundingBox())!;
    const middle = ({ x, width }: typeof from) => x + width / 2;
    await page.mouse.move(middle(from), from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(middle(to), from.y + 5, { steps: 5 });
    await page.mouse.up();
    await page.getByText('p and q are equal: every distance is 0.').first().waitFor();
    // Released: it stays.
    await page.mouse.move(middle(from), from.y);
    expect(await found.savedState()).toMatchObject({ p: { position: -1 }, q: { position: -1 }, noise: 0 });
  });

  test('has one column on a narrow page', async () => {
    const { page } = await opened();
    await page.setViewportSize({ width: 312, height: 900 });
    await page.locator('.plot-area').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(312);
    for (const section of await page.locator('main > section').all())
      expect((await section.boundingBox())!.width).toBeGreaterThan(280);
    const text = page.getByText('Infinite if p has mass where q has none.');
    expect((await text.boundingBox())!.width).toBeGreaterThan(90);
  });

  test('is restored after a reload, also from a state that is none', async () => {
    const state = {
      p: { kind: 'gaussian', position: 0, width: 0.5 },
      q: { kind: 'gaussian', position: 2, width: 0.5 },
      noise: 0,
    };
    const restored = await opened(state);
    expect(await value(restored, 'KL(p‖q)')).toBe('8.000');
    const broken = await opened({ p: 3, q: { position: 'x' } }, 'de');
    expect(await value(broken, 'W₁')).toBe('2,000');
    await broken.page.getByRole('heading', { name: 'Abstände zwischen zwei Verteilungen' }).waitFor();
  });
});

describe.skipIf(noBrowser !== '')(unless('the page of reproductions'), () => {
  const { open, reproductions } = setUpPageTests();
  const progress: StudyProgress = {
    version: 1,
    ...thisProcess(),
    state: 'training',
    message: null,
    done: 1,
    trainings: [1, 2].map((seed) => ({ name: 'W at 0', seed, run: `W-at-0-seed-${seed}` })),
  };
  const figure =
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200"/></svg>';

  /** Opens the page of a workspace folder with these files in the folders of studies. */
  async function opened(files: Readonly<Record<string, unknown>>) {
    const page = await open();
    const { root, starting } = reproductions(page);
    const write = (name: string, content: unknown) => {
      const file = path.join(root, '.earthmover', 'reproductions', name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    };
    Object.entries(files).forEach(([name, content]) => write(name, content));
    const study = (id: keyof typeof studies) => page.page.getByRole('region', { name: studies[id].title });
    await study('noise').waitFor();
    return { ...page, write, study, starting };
  }

  test('axe-core finds no violations in any state, in three themes', async () => {
    const { page, study } = await opened({
      'noise/progress.json': progress,
      'mode-collapse/progress.json': { ...progress, state: 'failed', message: 'The disk is full.' },
      'calibration/progress.json': { ...progress, state: 'interrupted' },
      'distances/result.json': { holds: true, verdict: 'W converges on all.' },
      'distances/figure.svg': figure,
    });
    await study('noise').getByText('Training 2 of 2: W at 0, seed 2').waitFor();
    await study('distances').getByRole('img', { name: 'Figure of The order of distances' }).waitFor();
    for (const theme of ['light', 'hc-dark', 'dark'] as const) {
      await setTheme(page, theme);
      expect([theme, ...(await violations(page))]).toEqual([theme]);
    }
  });

  test('on a narrow page, buttons keep their labels and nothing is cut', async () => {
    const { page, study } = await opened({ 'noise/progress.json': progress });
    await page.setViewportSize({ width: 312, height: 900 });
    const running = study('noise');
    await running.locator('vscode-button.stop .text').waitFor();
    const [bar, claim] = [running.getByRole('progressbar'), running.locator('.claim')];
    expect((await bar.boundingBox())!.y).toBeGreaterThan((await claim.boundingBox())!.y);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(312);
    expect(await page.evaluate("getComputedStyle(document.querySelector('header .facts')).overflow")).toBe('visible');
  });

  test('runs a study, shows its progress and its verdict, and stops it', async () => {
    const { page, study, write, starting, postedMessages, savedState } = await opened({});
    const shown = study('noise');
    await shown.getByText('Not run').waitFor();
    const run = shown.getByRole('button', { name: 'Reproduce: Instance noise' });
    await run.focus();
    await page.keyboard.press('Enter');
    // A second press has no effect.
    await page.keyboard.press('Enter');
    starting.add('noise');
    await shown.getByText('Starting').waitFor();
    const facts = page.locator('header .facts');
    await facts.getByText('Running: Instance noise.', { exact: true }).waitFor();
    write('noise/progress.json', progress);
    await shown.getByRole('progressbar', { name: 'Instance noise' }).waitFor();
    await page.getByRole('log', { name: 'Announcements' }).getByText('Instance noise: Training 2 of 2').waitFor();
    // One at a time.
    await study('overfitting').locator('vscode-button.run[aria-disabled="true"]').click({ force: true });
    await shown.getByRole('button', { name: /^Stop/ }).click();
    await shown.getByText('Trainings (2)').click();
    await shown.getByRole('button', { name: 'W at 0, seed 1' }).click();
    write('noise/result.json', { holds: false, verdict: 'JS is 0.5.' });
    write('noise/figure.svg', figure);
    starting.delete('noise');
    write('noise/progress.json', { ...progress, state: 'finished', done: 2 });
    await shown.getByText('JS is 0.5.').waitFor();
    await shown.getByText('Does not hold here').waitFor();
    await page.getByText(`1 of ${Object.keys(studies).length} claims reproduced, 0 of them confirmed here.`).waitFor();
    await shown.getByRole('button', { name: 'Figure of Instance noise' }).click();
    await shown.getByRole('button', { name: /^Open report/ }).click();
    await shown.getByRole('button', { name: 'Run again: Instance noise' }).click();
    expect((await postedMessages()).slice(1)).toEqual([
      { type: 'runStudy', study: 'noise' },
      { type: 'stopStudy', study: 'noise' },
      { type: 'openTraining', study: 'noise', run: 'W-at-0-seed-1' },
      { type: 'openFigure', study: 'noise' },
      { type: 'openReport', study: 'noise' },
      { type: 'runStudyAgain', study: 'noise' },
    ]);
    expect(await savedState()).toHaveProperty('root');
  });

  test('enables a button again when the extension has answered without an effect', async () => {
    const { page, study, send, postedMessages } = await opened({});
    const run = study('noise').getByRole('button', { name: 'Reproduce: Instance noise' });
    await run.click();
    await study('noise').locator('vscode-button.run[aria-disabled="true"]').waitFor();
    await send({ type: 'studyAnswered', study: 'noise' });
    await study('noise').locator('vscode-button.run:not([aria-disabled])').waitFor();
    await run.click();
    const runs = (await postedMessages()).filter(({ type }) => type === 'runStudy');
    expect(runs).toHaveLength(2);
    expect(page.isClosed()).toBe(false);
  });

  test('shows hostile texts as text, and a crash', async () => {
    const name = '<img src=x onerror=alert(1)> \u202eexe';
    const { study } = await opened({
      'noise/progress.json': {
        ...progress,
        pid: 2 ** 22 + 1,
        processStart: 'x',
        trainings: [{ ...progress.trainings[0], name }],
      },
      'distances/result.json': { holds: true, verdict: name },
    });
    await study('noise').getByText('Its process exited unexpectedly.').waitFor();
    await study('noise')
      .getByRole('button', { name: /^Continue/ })
      .waitFor();
    await study('distances').getByText('<img src=x onerror=alert(1)> \\u202eexe').waitFor();
  });
});
