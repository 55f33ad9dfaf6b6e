// The language-model tools in real VS Code: their declaration, the confirmation, and their results.
import path from 'node:path';
import { expect, test } from 'vitest';
import { brief } from './support/experiments';
import { inVsCode } from './support/inVsCode';
import { agent, agentIn } from './support/languageModel';

/** The result for a run. */
interface Summary {
  readonly run: string;
  readonly state: string;
  readonly step: number;
  readonly curve: { readonly steps: readonly number[]; readonly estimate: readonly number[] };
  readonly sampleImages: { readonly count: number; readonly latest: string };
}

const wrong = `{
  "data": { "source": "gaussians-ring" },
  "objective": "wgan",
  "criticStep": 5,
  "optimizer": { "kind": "adam", "learningRate": 0.25 },
}
`;

inVsCode('an agent', { otherExtensions: [agent] }, (open) => {
  test(
    'checks an experiment, trains it twice and compares, with a confirmation before each training',
    { timeout: 240_000 },
    async () => {
      const opened = await open({ 'brief.gan.json': brief, 'wrong.gan.json': wrong });
      const { window, space } = opened;
      const { tools, call, text } = agentIn(opened);
      const dialog = window.page.locator('.monaco-dialog-box');

      const offered = (await tools()).filter(({ name }) => /_gan_/.test(name));
      expect(offered.map(({ name }) => name).sort()).toEqual([
        'compare_gan_runs',
        'get_gan_run',
        'lint_gan_experiment',
        'start_gan_run',
      ]);
      expect(Object.keys(offered.find(({ name }) => name === 'start_gan_run')!.inputSchema.properties)).toEqual([
        'experiment',
        'settings',
        'waitSeconds',
      ]);

      const verdict = JSON.parse(await text('lint_gan_experiment', { experiment: 'wrong.gan.json' })) as {
        valid: boolean;
        problems: { line: number; severity: string; message: string; fixes: string[] }[];
      };
      expect(verdict.valid).toBe(false);
      expect(verdict.problems.find(({ severity }) => severity === 'error')).toMatchObject({
        line: 4,
        message: expect.stringContaining('criticStep'),
        fixes: expect.arrayContaining([expect.stringContaining('criticSteps')]),
      });
      const refused = await (await call('start_gan_run', { experiment: '../elsewhere.gan.json' }))();
      expect(refused).toEqual({ error: expect.stringContaining('outside the workspace') });
      expect(await (await call('get_gan_run', {}))()).toEqual({ error: expect.stringContaining('no runs yet') });

      // The user declines: nothing is trained.
      const hostile = { steps: 30, name: '[**a**](command:x)' };
      const first = await call('start_gan_run', { experiment: 'brief.gan.json', settings: hostile });
      await dialog.getByText('Start GAN training?').waitFor();
      const question = (await dialog.textContent()) ?? '';
      expect(question).toContain(`This trains ${path.join(space.folder, 'brief.gan.json')} on this machine`);
      expect(question).toContain('steps=30, name="[**a**](command:x)"');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      expect(await first()).toEqual({ error: expect.stringMatching(/cancel/i) });
      expect(space.runs()).toEqual([]);

      const train = async (settings: object): Promise<Summary & { started: boolean }> => {
        const answer = await call('start_gan_run', { experiment: 'brief.gan.json', settings, waitSeconds: 120 });
        await dialog.getByRole('button', { name: 'Yes' }).click();
        const said = await answer();
        if ('error' in said) throw new Error(said.error);
        return JSON.parse(said.text) as Summary & { started: boolean };
      };
      const one = await train({ steps: 30 });
      expect(one).toMatchObject({ started: true, state: 'finished', step: 30 });
      expect(space.runs()[0].status()).toMatchObject({ state: 'finished', step: 30 });
      // The monitor opens, as after a click on the CodeLens.
      await window.monitor.frame.getByRole('heading', { name: 'brief', exact: true }).waitFor();

      const read = await text('get_gan_run', { points: 5 });
      const summary = JSON.parse(read) as Summary;
      expect(summary).toMatchObject({ run: one.run, state: 'finished', curve: { steps: [6, 12, 18, 24, 30] } });
      expect(summary.curve.estimate.every(Number.isFinite)).toBe(true);
      expect(path.basename(summary.sampleImages.latest)).toBe('step-30.png');
      // Every character costs tokens.
      expect(read.length).toBeLessThan(2500);

      const two = await train({ steps: 30, 'critic.width': 24 });
      const compared = JSON.parse(await text('compare_gan_runs', { runs: [one.run, two.run] })) as {
        differingSettings: object;
        runs: Summary[];
      };
      expect(compared.differingSettings).toEqual({ 'critic.width': ['16', '24'] });
      expect(compared.runs.map(({ run }) => run)).toEqual([one.run, two.run]);
    },
  );
});
