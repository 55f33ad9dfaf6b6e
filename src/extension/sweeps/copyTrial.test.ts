// Copying the settings of a trial to a new experiment.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeTrial } from '../../../test/support/generatedSweep';
import { plannedSweep, smallGrid } from '../../../test/support/plannedSweep';
import { window } from '../../../test/support/vscode';
import { parseExperiment } from '../../experiment';
import { checkSweep } from '../../sweep/checkSweep';
import { planSweep } from '../../sweep/plan';
import { openSweep } from '../../sweep/sweepDirectory';
import { noticeOf } from '../userErrors';
import { copyTrial, trialAsExperiment } from './copyTrial';

vi.mock('vscode', () => import('../../../test/support/vscode'));

/** The experiment in the file that was opened last. */
function opened() {
  const file = window.shown.at(-1)!;
  return { file, experiment: parseExperiment(fs.readFileSync(file, 'utf8'), file).experiment };
}

describe('copying the settings of a trial', () => {
  it('opens a new experiment beside that of the sweep', async () => {
    const { directory } = plannedSweep(smallGrid);
    await copyTrial(directory, 4);
    const { file, experiment } = opened();
    expect(file).toBe(path.join(path.dirname(directory), 'ring-2.gan.json'));
    expect(experiment).toMatchObject({ name: 'ring-2', seed: 2, seeds: 1, critic: { width: 32 } });
    const { resolved } = openSweep(directory).trials[3];
    // One run has the threads of its experiment, not a trial's share of the cores.
    expect(experiment).toEqual({ ...resolved, name: 'ring-2', threads: 'auto' });
  });

  it('takes the best trial of the settings with the best median if none is named', async () => {
    const { directory } = plannedSweep(smallGrid);
    // The smaller critic has the best trial, the larger one the better median.
    for (const [trial, value] of [0.1, 0.4, 0.9, 0.3].entries())
      writeTrial(directory, trial + 1, { state: 'finished', value });
    await copyTrial(directory);
    expect(opened().experiment).toMatchObject({ seed: 2, critic: { width: 32 } });
  });

  it('says why there are no best settings', async () => {
    const { directory } = plannedSweep(smallGrid);
    writeTrial(directory, 1, { state: 'finished', value: 0.1 });
    const error: unknown = await copyTrial(directory).catch((reason: unknown) => reason);
    expect(noticeOf(error)).toBeDefined();
    expect(String(error)).toContain('widths has no best settings yet: fewer than two settings have a result (w1).');
  });
});

describe('the text of a copied trial', () => {
  const copied = (base: string, sweep: object) => {
    const text = JSON.stringify({ experiment: './a.gan.json', ...sweep });
    const { sweep: valid, problems } = checkSweep(text, '/w/a.sweep.json', { read: () => base });
    if (!valid) throw new Error(JSON.stringify(problems));
    const { directory } = plannedSweep(smallGrid);
    planSweep(`${directory}-2`, valid, '0.0.0');
    const { trials, experiments } = openSweep(`${directory}-2`);
    const { experiment, source } = trialAsExperiment(experiments[0], trials.at(-1)!);
    // A copy has the text if that has the settings of the trial.
    expect(parseExperiment(source.text, source.path).experiment).toEqual(experiment);
    return source.text;
  };

  it('has the comments of its experiment, and one seed', () => {
    const base =
      '{\n  // mine\n  "data": { "source": "gaussians-ring" },\n  "seeds": 3,\n  "critic": { "network": "mlp", "width": 16 } // small\n}\n';
    const text = copied(base, { set: { 'critic.width': 8 }, seeds: [7] });
    expect(text).toBe(
      '{\n  // mine\n  "data": { "source": "gaussians-ring" },\n  "seeds": 1,\n  "critic": { "network": "mlp", "width": 8 }, // small\n  "seed": 7\n}\n',
    );
  });

  it('has the threads that its experiment names', () =>
    expect(copied('{ "data": { "source": "gaussians-ring" }, "threads": 2 }', { seeds: 2 })).toContain('"threads": 2'));
});
