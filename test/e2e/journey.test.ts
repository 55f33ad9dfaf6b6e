// The main workflow: train from a CodeLens, watch the curve, reload the window, stop from the monitor.
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { lasting } from './support/experiments';
import { inVsCode } from './support/inVsCode';
import { isAlive } from './support/processes';

inVsCode('a training', {}, (open) => {
  test('starts from the CodeLens, appears in the monitor, survives a reload and is stopped from its panel', async () => {
    const { window, space } = await open({ 'ring.gan.json': lasting });
    const { monitor } = window;
    await window.openFile('ring.gan.json');
    await window.clickLens('▶ Train');

    // The curve grows: the page gets more rows, but never more than are on disk.
    await monitor.rowsBeyond(0);
    const early = await monitor.rows();
    const pixels = await monitor.pixels();
    await monitor.rowsBeyond(early + 50);
    expect(await monitor.pixels()).not.toBe(pixels);
    const [run] = space.runs();
    expect(await monitor.rows()).toBeLessThanOrEqual(run.rows());
    expect(run.status().state).toBe('running');

    // The sample grid changes: an image of another step is shown.
    const first = await eventually(
      'a sample grid is shown',
      () => monitor.shownSample(),
      (shown) => shown.width > 0,
    );
    await eventually(
      'the grid changes',
      () => monitor.shownSample(),
      ({ step, width }) => step > first.step && width > 0,
    );

    // A reload of the window does not affect the training.
    const { pid } = run.status();
    const firstValues = await monitor.firstValues();
    const before = await monitor.rows();
    await window.reload();
    await window.tab(/^ring/).first().waitFor();
    await monitor.rowsBeyond(before + 50);
    expect(await monitor.firstStep()).toBe(1);
    expect(await monitor.firstValues()).toBe(firstValues);
    expect(run.status()).toMatchObject({ pid, state: 'running', attempt: 1 });
    expect(isAlive(pid)).toBe(true);
    expect(space.runs()).toHaveLength(1);

    await monitor.button('Stop').click();
    await eventually(
      'the run has stopped',
      () => run.status().state,
      (state) => state === 'stopped',
    );
    await eventually('its process has ended', () => !isAlive(pid));
    await eventually(
      'the panel says so',
      () => monitor.stateText(),
      (text) => /stopped/i.test(text),
    );
    // Nothing is lost: the page has all rows that were written.
    await eventually(
      'the panel has every row',
      () => monitor.rows(),
      (rows) => rows === run.rows(),
    );
    expect(await monitor.button('Stop').isVisible()).toBe(false);
  });

  test('is paused and resumed from the panel and the Command Palette', async () => {
    const { window, space } = await open({ 'ring.gan.json': lasting });
    const { monitor } = window;
    await window.openFile('ring.gan.json');
    await window.command('Earthmover: Train');
    await monitor.rowsBeyond(20);
    const [run] = space.runs();
    // One by one, because the list renders only visible rows.
    for (const title of ['Quick Start', 'Stop', 'Pause', 'Resume', 'Open Monitor', 'New Experiment…']) {
      expect(await window.offered(`Earthmover: ${title}`)).toContain(`Earthmover: ${title}`);
    }

    await monitor.button('Pause').click();
    await eventually(
      'the run pauses',
      () => run.status().state,
      (state) => state === 'paused',
    );
    const still = run.rows();
    await monitor.button('Resume').click();
    await eventually(
      'it runs again',
      () => run.rows(),
      (rows) => rows > still,
    );

    await window.command('Earthmover: Stop');
    await eventually(
      'it stops',
      () => run.status().state,
      (state) => state === 'stopped',
    );
    const stopped = run.status();
    await eventually(
      'the panel says so',
      () => monitor.stateText(),
      (text) => /stopped/i.test(text),
    );
    await monitor.button('Resume').click();
    await monitor.rowsBeyond(stopped.step + 20);
    expect(run.status()).toMatchObject({ attempt: 2, state: 'running' });
    expect(space.runs()).toHaveLength(1);
  });
});
