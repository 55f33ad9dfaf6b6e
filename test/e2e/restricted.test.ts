// Restricted Mode: nothing of the workspace is executed until it is trusted; existing runs can be viewed.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually';
import { brief } from './support/experiments';
import { inVsCode } from './support/inVsCode';
import { processesOf } from './support/processes';
import { tools } from './support/tools';

/** A model file that creates a file when it is executed. */
const telltale = `import { writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';

writeFileSync(new URL('executed', \`file://\${__dirname}/\`), '');

export function judge() {
  return tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
}
`;

inVsCode('Restricted Mode', { trusting: false }, (open) => {
  test('blocks training, shows existing runs, and allows training once the folder is trusted', async () => {
    const { window, space, server } = await open({
      'mine.gan.json': { ...brief, name: 'mine', critic: { module: './models.ts', export: 'judge' } },
      'models.ts': telltale,
      'old.gan.json': { ...brief, name: 'old' },
    });
    const old = path.join(space.folder, '.earthmover', 'runs', '20240109-080706-old');
    const cli = path.join(server.extension, 'dist', 'cli.cjs');
    execFileSync(tools().workbench.node, [cli, 'train', 'old.gan.json', '--out', old], {
      cwd: space.folder,
      stdio: 'pipe',
    });
    const executed = path.join(space.folder, 'executed');

    // The test settings start VS Code in Restricted Mode without asking.
    await window.page.getByRole('button', { name: 'Restricted Mode' }).first().waitFor();

    const refusal = window.notification('in Restricted Mode');
    const refuse = async (what: string, ask: () => Promise<void>) => {
      await ask();
      await refusal.waitFor();
      expect(space.runs(), what).toHaveLength(1);
      expect(processesOf(space.folder), what).toEqual([]);
      expect(existsSync(executed), what).toBe(false);
      await refusal.hover();
      await refusal.getByRole('button', { name: /^Clear Notification/ }).click();
      await refusal.waitFor({ state: 'detached' });
    };
    await window.openFile('mine.gan.json');
    await refuse('the lens', () => window.clickLens('▶ Train'));
    await refuse('a quick start', () => window.clickLens('⚡ Quick start'));
    await refuse('the palette', () => window.command('Earthmover: Train'));
    await window.openFile('models.ts');
    await refuse('a model', () => window.clickLens('⚡ Quick start as critic'));

    await window.openFile('old.gan.json');
    await window.clickLens('Open monitor');
    await eventually(
      'the old run is shown',
      () => window.monitor.rows(),
      (rows) => rows === brief.steps,
    );

    await window.openFile('mine.gan.json');
    await window.clickLens('▶ Train');
    await refusal.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await window.page.getByRole('button', { name: 'Trust', exact: true }).click();
    await window.page.getByText('You trust this folder').first().waitFor();
    await window.page
      .locator('.monaco-modal-editor-block')
      .getByRole('button', { name: /^Close/ })
      .click();
    await window.openFile('mine.gan.json');
    await window.clickLens('▶ Train');
    await eventually(
      'it is trained',
      () => space.runs()[1]?.status().state,
      (state) => state === 'finished',
    );
    expect(existsSync(executed)).toBe(true);
  });
});
