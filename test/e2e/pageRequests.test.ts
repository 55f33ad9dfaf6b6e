// Buttons that ask a process for something, in a plain browser: they follow what becomes of it, not a clock.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { OpenedPage } from '../../scripts/lib/monitorPage.mjs';
import type { RunStatus } from '../../src/protocol/status';
import { planGeneratedSweep, writeTrial } from '../support/generatedSweep';
import { noBrowser, setUpPageTests } from './support/monitorPage';

describe.skipIf(noBrowser !== '')(noBrowser === '' ? 'a pressed button' : `a pressed button (${noBrowser})`, () => {
  const { replayRun, open, followRun, followSweep, newFolder } = setUpPageTests();
  const button = ({ page }: OpenedPage, name: string) => page.getByRole('button', { name, exact: true });
  const state = ({ page }: OpenedPage, text: string) => page.locator('.badge').getByText(text, { exact: true });
  const disabled = ({ page }: OpenedPage, name: string) =>
    page.locator(`vscode-button[aria-label="${name}"]:visible`).getAttribute('aria-disabled');
  /** A minute passes for the page. */
  const aMinute = ({ page }: OpenedPage) => page.clock.fastForward(60_000);

  test('waits for the trainer and says for how long, and can be pressed again if the request was refused', async () => {
    const opened = await open();
    const { page, send, postedMessages } = opened;
    const directory = replayRun('running');
    await followRun(opened, directory);
    await page.clock.install();
    await button(opened, 'Pause').click();
    await state(opened, 'Pausing…').waitFor();
    expect(await page.getByText('Waiting for the trainer').count()).toBe(0);
    await aMinute(opened);
    await page.getByText(/^Waiting for the trainer for 1 min \d\d s: it responds after its current step\.$/).waitFor();
    expect(await disabled(opened, 'Pause')).toBe('true');
    await button(opened, 'Pause').click({ force: true });

    await send({ type: 'answered', request: 'pause', id: null });
    await state(opened, 'Running').waitFor();
    await page.getByText('Waiting for the trainer').waitFor({ state: 'detached' });
    expect(await disabled(opened, 'Pause')).toBeNull();
    await button(opened, 'Generate samples').click();
    expect((await postedMessages()).slice(1)).toEqual([
      { type: 'control', command: 'pause' },
      { type: 'control', command: 'sample' },
    ]);

    await send({ type: 'answered', request: 'sample', id: 'abcdefgh-1234' });
    await aMinute(opened);
    expect(await disabled(opened, 'Generate samples')).toBe('true');
    const status = JSON.parse(readFileSync(path.join(directory, 'status.json'), 'utf8')) as RunStatus;
    const acknowledged = [...status.acknowledged, 'abcdefgh-1234'];
    await send({ type: 'status', status: { ...status, acknowledged }, liveness: 'alive' });
    await expect.poll(() => disabled(opened, 'Generate samples')).toBeNull();
  });

  test('of a run that has stalled comes with what to do', async () => {
    const opened = await open();
    const { page, send } = opened;
    const directory = replayRun('running');
    await followRun(opened, directory);
    await page.clock.install();
    await button(opened, 'Stop').click();
    await aMinute(opened);
    const status = JSON.parse(readFileSync(path.join(directory, 'status.json'), 'utf8')) as RunStatus;
    await send({ type: 'status', status, liveness: 'stalled' });
    await page.getByText(`If it never does, end its process (${status.pid}) and resume`).waitFor();
  });

  test('of a run that has ended waits for the new attempt', async () => {
    const opened = await open();
    await followRun(opened, replayRun('failed'));
    await opened.page.clock.install();
    await button(opened, 'Resume').click();
    await state(opened, 'Resuming…').waitFor();
    await aMinute(opened);
    expect(await disabled(opened, 'Resume')).toBe('true');
    await opened.send({ type: 'answered', request: 'resumeRun', id: null });
    await state(opened, 'Failed').waitFor();
    expect(await disabled(opened, 'Resume')).toBeNull();
  });

  test('of a sweep waits for its process', async () => {
    const directory = newFolder();
    planGeneratedSweep(directory, { over: { 'critic.width': [16, 32] } });
    writeTrial(directory, 1, { state: 'finished', value: 0.5 });
    const opened = await open();
    const { page, send, postedMessages } = opened;
    followSweep(opened, directory);
    await state(opened, 'Incomplete').waitFor();
    await page.clock.install();
    await button(opened, 'Resume').click();
    await state(opened, 'Starting…').waitFor();
    await aMinute(opened);
    expect(await disabled(opened, 'Resume')).toBe('true');
    // The answer to another button.
    await send({ type: 'sweepAnswered', request: 'cancelSweep' });
    expect(await disabled(opened, 'Resume')).toBe('true');
    // The user was asked where the trials run, and canceled.
    await send({ type: 'sweepAnswered', request: 'resumeSweep' });
    await state(opened, 'Incomplete').waitFor();
    await button(opened, 'Resume').click();

    const trials = (change: object) =>
      send({ type: 'trials', trials: [], active: true, canceled: false, submitted: false, problem: null, ...change });
    await trials({});
    await state(opened, 'Running').waitFor();
    await button(opened, 'Cancel').click();
    await state(opened, 'Canceling…').waitFor();
    await trials({ canceled: true });
    // Its trials save their checkpoints.
    expect(await disabled(opened, 'Cancel')).toBe('true');
    await trials({ canceled: true, active: false });
    await state(opened, 'Canceled').waitFor();
    expect((await postedMessages()).slice(1)).toEqual([
      { type: 'resumeSweep', failed: false },
      { type: 'resumeSweep', failed: false },
      { type: 'cancelSweep' },
    ]);
  });
});
