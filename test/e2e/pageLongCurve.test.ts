// A curve of more rows than the state has, which comes thinned first and whole in parts, in a plain browser.
import { describe, expect, test } from 'vitest';
import { writeFinishedRun } from '../support/generatedRuns';
import { noBrowser, setUpPageTests, waitForRows } from './support/monitorPage';

const rows = 50_001;

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a long curve' : `a long curve (${noBrowser})`, () => {
  const { open, followRun, compare, newFolder } = setUpPageTests({ withRecordings: false });
  const longRun = () => {
    const directory = newFolder();
    writeFinishedRun(directory, rows);
    return directory;
  };

  test('has all rows in the end, with the values of each step', async () => {
    const opened = await open();
    await followRun(opened, longRun());
    const chart = opened.page.getByRole('slider', { name: 'Critic loss by step' });
    await chart.focus();
    for (const [key, step] of [
      ['Home', '1'],
      ['ArrowRight', '2'],
      ['End', rows.toLocaleString('en')],
    ]) {
      await chart.press(key);
      await expect.poll(() => chart.getAttribute('aria-valuetext')).toMatch(new RegExp(`^step ${step}: `));
    }
  });

  test('has all rows in a comparison', async () => {
    const opened = await open();
    compare(opened, [longRun(), longRun()]);
    await waitForRows(opened.page, rows);
  });
});
