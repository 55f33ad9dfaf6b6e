// Nothing is trained that the editor does not show: what cannot be saved, or differs from the disk, stops the launch.
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { documentOf, Uri, workspace } from '../../../test/support/vscode';
import { checkExperiment } from '../experiments/checkExperiment';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const text = '{ "data": { "source": "gaussians-ring" }, "steps": 400 }\n';
const withModel = '{ "data": { "source": "gaussians-ring" }, "critic": { "module": "./m.ts" }, "steps": 400 }\n';

describe('before training starts', () => {
  let folder = '';
  const file = () => path.join(folder, 'ring.gan.json');
  const model = () => path.join(folder, 'm.ts');
  type Document = ReturnType<typeof documentOf>;
  const open = (path: string, shown: string, change: Partial<Document> = {}) => {
    const document = Object.assign(documentOf(path, shown), change);
    workspace.textDocuments.push(document);
    return document;
  };
  const check = () => checkExperiment(Uri.file(file()) as never, () => []);
  const openTextDocument = workspace.openTextDocument;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'em-save-'));
    writeFileSync(file(), text);
    writeFileSync(model(), 'export const critic = 1;\n');
    workspace.openTextDocument = async (uri) =>
      workspace.textDocuments.find(({ fileName }) => fileName === uri.fsPath) ?? openTextDocument(uri);
  });
  afterEach(() => {
    workspace.textDocuments = [];
    workspace.openTextDocument = openTextDocument;
  });

  it('a changed experiment is saved, and trains as it is shown', async () => {
    const shown = text.replace('400', '3000');
    const document = open(file(), shown, { isDirty: true });
    document.save = async () => {
      writeFileSync(file(), shown);
      document.isDirty = false;
      return true;
    };
    expect(await check()).toMatchObject({ experiment: { steps: 3000 } });
  });

  it('a save that fails stops the launch, and the message names the file and what to do', async () => {
    open(file(), text.replace('400', '3000'), { isDirty: true, save: async () => false });
    await expect(check()).rejects.toThrow(/not started because ring\.gan\.json could not be saved: .* Save it/);
  });

  it('an open experiment that another program has changed on disk stops the launch', async () => {
    open(file(), text.replace('400', '3000'));
    await expect(check()).rejects.toThrow(/ring\.gan\.json on disk differs from the editor.*Revert/);
  });

  it('an open experiment whose file was deleted stops the launch', async () => {
    open(file(), text, { fileName: file() });
    const { rmSync } = await import('node:fs');
    rmSync(file());
    await expect(check()).rejects.toThrow(/ring\.gan\.json cannot be read from disk \(.*ENOENT/);
  });

  it('line ends and a byte order mark, which VS Code does not show, are no difference', async () => {
    writeFileSync(file(), `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    open(file(), text);
    expect(await check()).toMatchObject({ experiment: { steps: 400 } });
  });

  it('a model file that cannot be saved stops the launch, but not one of an experiment without models', async () => {
    open(model(), 'changed', { languageId: 'typescript', isDirty: true, save: async () => false });
    expect(await check()).toMatchObject({ experiment: { steps: 400 } });
    writeFileSync(file(), withModel);
    await expect(check()).rejects.toThrow(/m\.ts could not be saved/);
  });
});
