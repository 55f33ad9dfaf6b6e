// An error in a file is shown at its place, and its notification does not outlive the error.
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { formatProblem } from '../experiment/problem';
import { window } from '../../test/support/vscode';
import { reportStartupFailure } from './launch/startupFailure';

vi.mock('vscode', () => import('../../test/support/vscode'));

const log = { error: vi.fn() };
const diagnostics = { show: vi.fn() };
const showErrorMessage = vi.spyOn(window, 'showErrorMessage');
const showTextDocument = vi.spyOn(window, 'showTextDocument');

afterEach(() => vi.clearAllMocks());

const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'notifications-')), 'models.ts');
writeFileSync(file, 'one\ntwo\n');

const failed = (output: string) =>
  reportStartupFailure(
    log as never,
    diagnostics as never,
    {
      ...{ summary: 'Could not start ring', node: 'node', exit: { code: 1 }, output, logFile: '/w/run.log' },
    } as never,
  );

it('opens the place of a problem, without buttons, with which VS Code keeps an error until it is closed', async () => {
  const at = { line: 2, column: 1, endLine: 2, endColumn: 4, offset: 4, length: 3 };
  failed(formatProblem({ file, severity: 'error', code: 'model-call', message: 'Bad units.', ...at }));
  expect(showErrorMessage.mock.calls).toEqual([['Could not start ring: Bad units.']]);
  await vi.waitFor(() => expect(showTextDocument).toHaveBeenCalledOnce());
  expect(showTextDocument.mock.calls[0]).toMatchObject([
    { fsPath: file },
    { selection: { start: { line: 1, character: 0 } } },
  ]);
});

it('offers the log of a failure that has no place', () => {
  failed('Error: out of memory\n');
  expect(showErrorMessage.mock.calls).toEqual([['Could not start ring: Error: out of memory', 'Show Log']]);
  expect(showTextDocument).not.toHaveBeenCalled();
});
