// Sweeps on Slurm in the editor: the choice of where they run, and what the user reads if Slurm does not take them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { askWhere, submissionFailure } from '../../../src/extension/sweeps/slurmCluster';
import { readStartProblem } from '../../../src/extension/sweeps/startProblem';
import { isSubmitted } from '../../../src/extension/sweeps/submissions';
import { createSweepProcesses } from '../../../src/extension/sweeps/sweepProcess';
import { rejected, slurmMissing, slurmNotConfigured, slurmUnreachable } from '../../../src/slurm/errors';
import { fakeSlurm } from '../../support/fakeSlurm';
import { window } from '../../support/vscode';

vi.mock('vscode', () => import('../../support/vscode'));

afterEach(() => {
  window.shown.length = window.answers.length = window.quickPicks.length = 0;
});

const noCluster = `error   ${
  slurmNotConfigured('sbatch', 'error: Unknown host; fetch_config: DNS SRV lookup failed').message
}\n`;

describe('the choice of where a sweep runs', () => {
  const shown = () => window.quickPicks[0].items.map(({ label, description }) => `${label}: ${description ?? ''}`);
  it.each([
    ['', ''],
    ['error: squeue: error: Unable to contact slurm controller', 'does not answer now'],
  ])('has this machine first, and the cluster as it answers: "%s"', async (answer, description) => {
    fakeSlurm({ squeue: [answer] });
    const where = askWhere();
    await vi.waitFor(() => expect(window.quickPicks).toHaveLength(1));
    expect(window.quickPicks[0].activeItems).toMatchObject([{ on: 'local' }]);
    window.quickPicks[0].select('On the Slurm cluster');
    await vi.waitFor(() => expect(shown()).toEqual(['On this machine: ', `On the Slurm cluster: ${description}`]), {
      timeout: 10_000,
    });
    expect(window.quickPicks[0].activeItems).toMatchObject([{ on: 'slurm' }]);
    window.quickPicks[0].accept();
    expect(await where).toBe('slurm');
  });

  it('chooses this machine unless the user does otherwise, and nothing on Escape', async () => {
    fakeSlurm({});
    const [first, second] = [askWhere(), askWhere()];
    await vi.waitFor(() => expect(window.quickPicks).toHaveLength(2));
    window.quickPicks[0].accept();
    window.quickPicks[1].hide();
    expect((await Promise.all([first, second])).sort()).toEqual(['local', undefined]);
  });
});

describe('the reason why a sweep was not submitted', () => {
  it.each([slurmMissing('sbatch'), slurmNotConfigured('sbatch', 'a; b'), slurmUnreachable('squeue', 'refused')])(
    'is one sentence without options of the command line: $message',
    ({ message }) => {
      expect(submissionFailure('rings', `Planned 4 trials.\nerror   ${message}\n`)).toMatch(
        /^Slurm does not answer, so the sweep rings was not started: [^.]*\.$/,
      );
    },
  );

  it('has the setting that Slurm rejected, and is that of the last call', () => {
    const text = `${noCluster}error   ${rejected('a.sweep.json:3:5', '"slurm.time"', 'Requested time limit is invalid', '').message}\n`;
    expect(submissionFailure('rings', text)).toBe(
      'Slurm rejected "slurm.time" of the sweep rings: Requested time limit is invalid.',
    );
    expect(submissionFailure('rings', `${noCluster}error   The disk is full.\n`)).toBeUndefined();
  });
});

describe('a sweep that Slurm does not take', () => {
  /** A sweep whose command line prints this and fails. */
  function failing(output: string, { planned = false, visible = false } = {}) {
    const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-not-submitted-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(path.join(folder, 'dist'));
    const script = `process.stderr.write(${JSON.stringify(output)}); process.exit(2);`;
    writeFileSync(path.join(folder, 'dist/cli.cjs'), script);
    const context = {
      asAbsolutePath: (name: string) => path.join(folder, name),
      globalStorageUri: { fsPath: folder },
    };
    const log = { info: () => {}, error: () => {}, warn: () => {} };
    const directory = path.join(folder, 'rings');
    mkdirSync(directory);
    if (planned) writeFileSync(path.join(directory, 'sweep.json'), '{}');
    const pages = { isVisible: () => visible, open: vi.fn() };
    return { directory, pages, processes: createSweepProcesses(context as never, log as never, pages) };
  }

  it('is offered to run on this machine, and keeps the reason for its page', async () => {
    const { directory, processes } = failing(noCluster);
    window.answers.push('Run on This Machine');
    const runLocally = vi.fn(async () => {});
    expect(await processes.run(directory, ['sweep'], { cwd: directory, runLocally })).toBe(false);
    await vi.waitFor(() => expect(runLocally).toHaveBeenCalledOnce());
    const problem = await readStartProblem(directory);
    expect(window.shown).toEqual([problem]);
    expect(problem).toMatch(/^Slurm does not answer, so the sweep rings was not started/);
  });

  it('is reported even if the reason cannot be kept', async () => {
    const { directory, processes } = failing(noCluster, { planned: true, visible: true });
    mkdirSync(path.join(directory, 'logs', 'problem.json'), { recursive: true });
    expect(await processes.run(directory, ['sweep'], { cwd: directory })).toBe(false);
    expect(window.shown).toEqual([expect.stringMatching(/^The sweep rings ended with an error/)]);
  });

  it('is shown by its page if that is visible, and else by a notification that opens it', async () => {
    const full = 'error   The disk is full.\n';
    const shown = failing(full, { planned: true, visible: true });
    expect(await shown.processes.run(shown.directory, ['sweep'], { cwd: shown.directory })).toBe(false);
    expect(window.shown).toEqual([]);
    const message = 'The sweep rings ended with an error: The disk is full.';
    expect(await readStartProblem(shown.directory)).toBe(message);

    const hidden = failing(full, { planned: true });
    window.answers.push('Open Sweep');
    await hidden.processes.run(hidden.directory, ['sweep'], { cwd: hidden.directory });
    expect(window.shown).toEqual([message]);
    await vi.waitFor(() => expect(hidden.pages.open).toHaveBeenCalledWith(hidden.directory, 'rings'));

    // Its page closes, as there is nothing to show.
    const unplanned = failing(full, { visible: true });
    await unplanned.processes.run(unplanned.directory, ['sweep'], { cwd: unplanned.directory });
    expect(window.shown).toEqual([message, message]);
  });

  it('is not offered to run twice after Slurm has accepted some of it', async () => {
    const { directory, processes } = failing(noCluster);
    mkdirSync(path.join(directory, 'submissions'));
    const submission = path.join(directory, 'submissions', '1.json');
    writeFileSync(submission, JSON.stringify({ job: null, tasks: [[1]] }));
    expect(await isSubmitted(directory)).toBe(false);
    writeFileSync(submission, JSON.stringify({ job: '7', tasks: [[1]] }));
    expect(await isSubmitted(directory)).toBe(true);
    window.answers.push('Run on This Machine');
    const runLocally = vi.fn(async () => {});
    await processes.run(directory, ['sweep'], { cwd: directory, runLocally });
    expect(window.answers).toEqual(['Run on This Machine']);
  });
});
