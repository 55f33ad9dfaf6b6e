// Exports from a run: the generator as a model, samples as images, curves as a table.
import path from 'node:path';
import { Readable } from 'node:stream';
import * as vscode from 'vscode';
import type { SampleName } from '../../protocol/monitor';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import { replaceByStream } from '../../files/replace';
import { listCheckpoints } from '../../run/checkpoints';
import { runPaths } from '../../run/directory';
import { listSamples } from '../../run/sampleImages';
import { readStatusAsync } from '../../run/status';
import { exists } from '../exists';
import { userError } from '../userErrors';
import { viewIds } from '../ids';
import { askItem, back, type PromptStep } from '../prompts';
import { csvOf } from './csv';
import { countText } from './describe';
import { samplePath } from '../monitor/runFiles';
import { trusted } from '../trust';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { runCommandLine } from '../launch/runCommandLine';
import { notify } from '../notify';
import { withCancellableProgress } from '../notifications';

/** Asks for a format, a checkpoint and a location, and exports the generator. */
export async function exportGenerator(context: vscode.ExtensionContext, directory: string): Promise<void> {
  const steps = listCheckpoints(runPaths(directory).checkpoints).map(({ step }) => step);
  if (steps.length === 0)
    throw userError(
      vscode.l10n.t(
        'This run does not have a checkpoint to export a generator from yet. "checkpoints" in the experiment sets how often checkpoints are saved.',
      ),
    );
  const formats = [
    {
      label: vscode.l10n.t('TensorFlow.js model'),
      description: vscode.l10n.t('A folder for browsers and Node.js'),
      write: exportTfjs,
    },
    {
      label: vscode.l10n.t('ONNX file'),
      description: vscode.l10n.t('A single file for ONNX Runtime in any language'),
      write: exportOnnx,
    },
  ];
  const title = vscode.l10n.t('Export Generator');
  const placeHolder = vscode.l10n.t('Select an export format');
  const [first, second] =
    steps.length === 1
      ? [{}, {}]
      : [
          { step: 1, totalSteps: 2 },
          { step: 2, totalSteps: 2 },
        ];
  const best = await bestStep(directory);
  let active: (typeof formats)[number] | undefined;
  for (;;) {
    const format = await askItem(formats, { title, placeHolder, active, ...first });
    if (format === undefined || format === back) return;
    // A model with custom layer classes is built by running the user's file.
    if (format.write === exportOnnx && !trusted(vscode.l10n.t('export to ONNX'))) return;
    const step = await pickCheckpoint(steps, best, { title, ...second, canGoBack: true });
    if (typeof step === 'number') return format.write(context, directory, step);
    if (step === undefined) return;
    active = format;
  }
}

/** Asks for a folder, writes the model to it, and opens its README, which explains how to use it. */
async function exportTfjs(context: vscode.ExtensionContext, directory: string, step: number): Promise<void> {
  const [folder] = (await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Select a Folder for the Model'),
    openLabel: vscode.l10n.t('Export Here'),
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
  })) ?? [undefined];
  if (folder === undefined) return;
  if (folder.scheme !== 'file') throw notOnThisMachine(folder);
  const target = await freeFolder(path.join(folder.fsPath, `${path.basename(directory)}-generator-${step}`));
  const location = { viewId: viewIds.runs };
  const exported = await vscode.window.withProgress({ location }, async () => {
    const model = await import('../../run/export/tfjsModel');
    return model.exportGenerator(directory, target, context.asAbsolutePath('dist/export/layers.js'), step);
  });
  await vscode.commands.executeCommand(
    'markdown.showPreview',
    vscode.Uri.file(path.join(exported.directory, 'README.md')),
  );
  if (exported.notes.length > 0) void notify.warning(exported.notes.join(' '));
}

/** The step of the checkpoint that the run keeps as the best; undefined if it keeps none, or that is unknown. */
async function bestStep(directory: string): Promise<number | undefined> {
  try {
    return (await readStatusAsync(directory))?.best?.step;
  } catch {
    return undefined;
  }
}

/** A single checkpoint is used without asking. */
async function pickCheckpoint(
  steps: readonly number[],
  best: number | undefined,
  place: PromptStep,
): Promise<number | typeof back | undefined> {
  if (steps.length === 1) return steps[0];
  const items = steps.map((step, index) => ({
    label: vscode.l10n.t('Step {0}', countText(step)),
    description: [
      ...(index === 0 ? [vscode.l10n.t('latest')] : []),
      ...(step === best ? [vscode.l10n.t('best')] : []),
    ].join(', '),
    step,
  }));
  const chosen = await askItem(items, { ...place, placeHolder: vscode.l10n.t('Select a checkpoint') });
  return chosen === back ? back : chosen?.step;
}

const freeFolder = async (folder: string): Promise<string> => {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? folder : `${folder}-${n}`;
    if (!(await exists(candidate))) return candidate;
  }
};

/** Asks for a step that has a sample image, the newest first, or for a GIF of all, and saves it. */
export async function exportSamples(context: vscode.ExtensionContext, directory: string): Promise<void> {
  const { samples } = runPaths(directory);
  const { steps, hasReal } = await listSamples(samples);
  const all: SampleName[] = [...steps.toReversed(), ...(hasReal ? ['real' as const] : [])];
  if (all.length === 0)
    throw userError(
      vscode.l10n.t('This run has no samples yet. "samples" in the experiment sets how often samples are generated.'),
    );
  const labelOf = (sample: SampleName) =>
    typeof sample === 'number' ? vscode.l10n.t('Step {0}', countText(sample)) : vscode.l10n.t('Real samples');
  const save = (sample: SampleName) => ({
    label: labelOf(sample),
    description: sample === steps.at(-1) ? vscode.l10n.t('latest') : undefined,
    write: () => saveSample(directory, sample),
  });
  const gif = {
    label: vscode.l10n.t('All steps as a GIF'),
    description: vscode.l10n.t('An animation of {0} images', countText(steps.length)),
    write: () => exportGif(context, directory),
  };
  const [newest, ...others] = all.map(save);
  const items = [newest, ...(steps.length > 1 ? [gif] : []), ...others];
  const question = {
    title: vscode.l10n.t('Export Samples'),
    placeHolder: vscode.l10n.t('Select a step to save its image, or all steps'),
  };
  const chosen = items.length === 1 ? items[0] : await askItem(items, question);
  if (chosen !== undefined && chosen !== back) await chosen.write();
}

/** Far more than a sample image that was drawn. */
const maxImageBytes = 2 ** 28;

export async function saveSample(directory: string, sample: SampleName): Promise<void> {
  const from = samplePath(runPaths(directory).samples, sample);
  const step = typeof sample === 'number' ? `step-${sample}` : sample;
  const images = vscode.l10n.t('PNG images');
  const to = await pickSaveLocation(
    `${path.basename(directory)}-${step}.png`,
    { [images]: ['png'] },
    vscode.l10n.t('Save Samples'),
  );
  if (to !== undefined) await vscode.workspace.fs.writeFile(to, await readOrdinaryAsync(from, maxImageBytes));
}

/** Saves the curves of all runs in one table, one after another. */
export async function saveCsv(directories: readonly string[]): Promise<void> {
  const name = directories.length === 1 ? path.basename(directories[0]) : 'comparison';
  const tables = vscode.l10n.t('CSV files');
  const to = await pickSaveLocation(`${name}.csv`, { [tables]: ['csv'] }, vscode.l10n.t('Save Curves'));
  if (to === undefined) return;
  if (to.scheme !== 'file') throw notOnThisMachine(to);
  await replaceByStream(to.fsPath, Readable.from(csvOf(directories)));
  const open = vscode.l10n.t('Open');
  const chosen = await notify.info(vscode.l10n.t('The curves were saved to {0}.', to.fsPath), open);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', to);
}

const notOnThisMachine = (to: vscode.Uri): Error =>
  userError(
    vscode.l10n.t('{0} is not on the machine where the runs are stored. Choose a folder there.', to.toString()),
  );

/** Asks for a file, exports the generator of a checkpoint to it, and offers to reveal it. */
export async function exportOnnx(context: vscode.ExtensionContext, directory: string, step: number): Promise<void> {
  const files = vscode.l10n.t('ONNX models');
  const name = `${path.basename(directory)}-generator-${step}.onnx`;
  const to = await pickSaveLocation(name, { [files]: ['onnx'] }, vscode.l10n.t('Save Generator'));
  if (to === undefined) return;
  const title = vscode.l10n.t('Exporting the generator at step {0} to ONNX', countText(step));
  const { batch, notes } = await exportWithCommandLine(context, title, to, [
    directory,
    '--format',
    'onnx',
    '--step',
    String(step),
  ]);
  const takes =
    typeof batch === 'number'
      ? vscode.l10n.t('{0} takes batches of {1} samples.', to.fsPath, batch)
      : vscode.l10n.t('{0} takes batches of any size.', to.fsPath);
  const reveal = vscode.l10n.t('Reveal');
  const sentences = [takes, ...(Array.isArray(notes) ? notes.filter((note) => typeof note === 'string') : [])];
  void notify.info(sentences.join(' '), reveal).then((chosen) => {
    if (chosen === reveal) void vscode.commands.executeCommand(revealing(), to);
  });
}

/** Asks for a file, exports the samples of a run to it as a GIF, and opens it. */
export async function exportGif(context: vscode.ExtensionContext, directory: string): Promise<void> {
  const images = vscode.l10n.t('GIF images');
  const to = await pickSaveLocation(
    `${path.basename(directory)}-training.gif`,
    { [images]: ['gif'] },
    vscode.l10n.t('Save Samples'),
  );
  if (to === undefined) return;
  await exportWithCommandLine(context, vscode.l10n.t('Exporting a GIF of the samples'), to, [
    directory,
    '--format',
    'gif',
  ]);
  await vscode.commands.executeCommand('vscode.open', to);
}

const revealing = (): string =>
  vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web
    ? 'revealInExplorer'
    : 'revealFileInOS';

/**
 * Writes `to` by `earthmover export` with these arguments and returns the last event that it printed. The file is made
 * in a temporary folder, so that a failure leaves nothing behind and `to` can be anywhere that VS Code can write to.
 */
async function exportWithCommandLine(
  context: vscode.ExtensionContext,
  title: string,
  to: vscode.Uri,
  args: readonly string[],
): Promise<Record<string, unknown>> {
  return withCancellableProgress(title, async (signal) => {
    const temporary = await mkdtemp(path.join(os.tmpdir(), 'earthmover-export-'));
    try {
      const file = path.join(temporary, path.basename(to.path));
      let lastEvent: Record<string, unknown> = {};
      const onEvent = (event: Record<string, unknown>) => void (lastEvent = event);
      await runCommandLine(context, ['export', ...args, '--out', file, '--json'], { cwd: temporary, signal, onEvent });
      await vscode.workspace.fs.copy(vscode.Uri.file(file), to, { overwrite: true });
      return lastEvent;
    } finally {
      // A killed process may hold its file open for a moment.
      await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

/** Asks for a file. Undefined if the user cancels. */
async function pickSaveLocation(
  name: string,
  filters: Record<string, string[]>,
  title: string,
): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(path.dirname(name));
  const saveLabel = vscode.l10n.t('Save');
  return vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(folder, name), filters, title, saveLabel });
}
