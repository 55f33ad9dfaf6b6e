// Which documents are experiments: files that can be edited, and no earlier versions of them.
import { describe, expect, it, vi } from 'vitest';
import { documentOf, Uri } from '../../../test/support/vscode';
import { checkedFiles, experimentFiles, isChecked, isExperiment, sweepFiles } from './experimentDocuments';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const inScheme = (scheme: string, path: string) =>
  ({ ...documentOf(path, '{}'), uri: Uri.from({ scheme, path }) }) as never;

describe('an experiment', () => {
  it.each(['file', 'untitled'])('is a document of the scheme "%s"', (scheme) => {
    expect(isExperiment(inScheme(scheme, '/w/a.gan.json'))).toBe(true);
    expect(isChecked(inScheme(scheme, '/w/a.sweep.jsonc'))).toBe(true);
  });

  it.each(['git', 'gitlens', 'vscode-local-history', 'conflictResolution', 'vscode-vfs'])(
    'is no document of the scheme "%s": it cannot be trained, and its problems cannot be fixed',
    (scheme) => {
      expect(isExperiment(inScheme(scheme, '/w/a.gan.json'))).toBe(false);
      expect(isChecked(inScheme(scheme, '/w/a.sweep.json'))).toBe(false);
    },
  );

  it('has CodeLenses, quick fixes and completion in these schemes only', () => {
    for (const selector of [experimentFiles, sweepFiles, checkedFiles])
      expect((selector as { scheme?: string }[]).map(({ scheme }) => scheme)).toEqual(['file', 'untitled']);
  });
});
