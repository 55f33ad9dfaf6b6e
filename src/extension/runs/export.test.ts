// Exports by the command line: its arguments, the resulting file, and failure or cancellation.
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import * as editor from '../../../test/support/vscode';
import { exportGif, exportOnnx } from './export';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const root = scratch();
const target = (name: string) => path.join(root(), name);

/** A command line that writes its arguments to the path of --out. */
function context(event: object, failure = '') {
  const script = `
const args = process.argv.slice(2);
if (${JSON.stringify(failure)}) { console.error(${JSON.stringify(failure)}); process.exit(2); }
const out = args[args.indexOf('--out') + 1];
require('node:fs').writeFileSync(out, JSON.stringify(args.map((each) => (each === out ? 'OUT' : each))));
console.log(JSON.stringify(${JSON.stringify(event)}));`;
  fs.writeFileSync(target('cli.cjs'), script);
  return { globalStorageUri: editor.Uri.file(root()), asAbsolutePath: () => target('cli.cjs') } as never;
}

beforeEach(() => {
  editor.window.shown.length = 0;
  editor.window.answers.length = 0;
  editor.commands.executed.length = 0;
});

it('overwrites the selected ONNX file, and reports its batch size', async () => {
  fs.writeFileSync(target('g.onnx'), 'older');
  editor.window.answers.push(editor.Uri.file(target('g.onnx')));
  await exportOnnx(context({ event: 'export', batch: null, notes: [] }), '/runs/a', 40);
  const asked = ['export', '/runs/a', '--format', 'onnx', '--step', '40', '--out', 'OUT', '--json'];
  expect(JSON.parse(fs.readFileSync(target('g.onnx'), 'utf8'))).toEqual(asked);
  expect(editor.window.shown).toEqual([`${target('g.onnx')} takes batches of any size.`]);
});

it('reports a fixed batch size and the reason', async () => {
  editor.window.answers.push(editor.Uri.file(target('g.onnx')));
  await exportOnnx(context({ event: 'export', batch: 16, notes: ['The network counts.'] }), '/runs/a', 40);
  expect(editor.window.shown).toEqual([`${target('g.onnx')} takes batches of 16 samples. The network counts.`]);
});

it('opens a GIF', async () => {
  editor.window.answers.push(editor.Uri.file(target('t.gif')));
  await exportGif(context({ event: 'export' }), '/runs/a');
  expect(fs.readFileSync(target('t.gif'), 'utf8')).toContain('"--format","gif"');
  expect(editor.commands.executed).toMatchObject([['vscode.open', { scheme: 'file', path: target('t.gif') }]]);
});

it('reports the error of the CLI and keeps the existing file', async () => {
  fs.writeFileSync(target('g.onnx'), 'older');
  editor.window.answers.push(editor.Uri.file(target('g.onnx')));
  const failing = context({}, 'error  The generator cannot be an ONNX file.');
  const expected = { name: 'UserError', message: 'The generator cannot be an ONNX file.' };
  await expect(exportOnnx(failing, '/runs/a', 40)).rejects.toMatchObject(expected);
  expect(fs.readFileSync(target('g.onnx'), 'utf8')).toBe('older');
  expect(editor.window.shown).toEqual([]);
});

it('does nothing if no file is selected', async () => {
  await exportGif(context({}, 'never'), '/runs/a');
  expect([editor.window.shown, editor.commands.executed]).toEqual([[], []]);
});

it('leaves nothing behind when canceled', async () => {
  const { withProgress } = editor.window;
  editor.window.withProgress = async (_, work) =>
    work({ report: () => {} }, { onCancellationRequested: (stop: () => void) => setTimeout(stop, 50) });
  try {
    fs.writeFileSync(target('slow.cjs'), 'setTimeout(() => {}, 60_000)');
    editor.window.answers.push(editor.Uri.file(target('t.gif')));
    const slow = { globalStorageUri: editor.Uri.file(root()), asAbsolutePath: () => target('slow.cjs') } as never;
    await expect(exportGif(slow, '/runs/a')).rejects.toBeInstanceOf(editor.CancellationError);
    expect(fs.existsSync(target('t.gif'))).toBe(false);
  } finally {
    editor.window.withProgress = withProgress;
  }
});
