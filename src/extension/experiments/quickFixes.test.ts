// Quick fixes are offered at the problem and fix the file, one at a time or all at once.
import { describe, expect, it, vi } from 'vitest';
import { lintExperiment, parseExperiment } from '../../experiment';
import {
  CodeActionKind,
  documentOf,
  lastRegistered,
  Position,
  Range,
  type WorkspaceEdit,
} from '../../../test/support/vscode';
import { applyFix, applyFixes } from '../../experiment/applyFixes';
import { fixAllKind } from './quickFixes';
import { registerQuickFixes } from './registerQuickFixes';

vi.mock('vscode', () => import('../../../test/support/vscode'));
vi.mock('../lazy', async () => {
  const { answerCheck } = await import('./findProblems');
  const { quickFixesAt } = await import('./quickFixes');
  return {
    quickFixesAt,
    checkInThread: async (request: Parameters<typeof answerCheck>[0]) => answerCheck(request),
  };
});

const find = (text: string) => {
  const parsed = parseExperiment(text, 'a.gan.json');
  return [...parsed.problems, ...lintExperiment(parsed)];
};
const misspelt = `{
  // a comment that stays
  "data": { "source": "gaussians-ring" },
  "bachSize": 64,
  "setps": 10
}`;
const careless = '{ "data": { "source": "gaussians-ring" }, "optimizer": { "kind": "adam", "learningRate": 0.25 } }';

interface Action {
  readonly title: string;
  readonly kind: CodeActionKind;
  readonly edit: WorkspaceEdit;
  readonly isPreferred?: boolean;
  readonly diagnostics?: unknown[];
}

async function actionsAt(text: string, word: string, only?: CodeActionKind, diagnostics: unknown[] = []) {
  registerQuickFixes();
  const document = documentOf('/w/a.gan.json', text);
  const at = document.positionAt(text.indexOf(word) + 1);
  const provider = lastRegistered<{ provideCodeActions(...given: unknown[]): Promise<Action[]> }>('codeActions');
  const actions = await provider.provideCodeActions(document, new Range(at, at), { diagnostics, only });
  const after = ({ edit: { edits } }: Action) => {
    const [{ range, text: inserted }] = edits;
    const offset = document.offsetAt(range.start);
    return applyFix(text, { title: '', offset, length: document.offsetAt(range.end) - offset, text: inserted });
  };
  return { actions, after, document };
}

describe('a quick fix', () => {
  it('is offered at its problem, the best one first, and fixes it', async () => {
    const { actions, after } = await actionsAt(misspelt, 'bachSize');
    expect(actions[0].isPreferred).toBe(true);
    expect(actions.slice(1).every(({ isPreferred }) => !isPreferred)).toBe(true);
    expect(after(actions[0])).toBe(misspelt.replace('bachSize', 'batchSize'));
    expect((await actionsAt(misspelt, '"source"')).actions).toEqual([]);
  });

  it('is offered for each valid value if a word is near none, and then only the user applies one', async () => {
    const text = '{ "data": { "source": "gaussians-ring" }, "objective": "wgan", "constraint": { "kind": "zzzz" } }';
    const { actions, after } = await actionsAt(text, 'zzzz');
    const titles = actions.map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['Change to "clip"', 'Change to "gradient-penalty"']));
    expect(actions.some(({ isPreferred }) => isPreferred)).toBe(false);
    const clip = actions.find(({ title }) => title === 'Change to "clip"')!;
    expect(after(clip)).toBe(text.replace('zzzz', 'clip'));
    expect(applyFixes(text, find).text).toContain('zzzz');
  });

  it('belongs to the diagnostic that is shown for it', async () => {
    const [{ code, offset, length }] = find(misspelt);
    const document = documentOf('/w/a.gan.json', misspelt);
    const range = new Range(document.positionAt(offset), document.positionAt(offset + length));
    const [own, other] = [
      { code, range },
      { code, range: new Range(new Position(0, 0), new Position(0, 1)) },
    ];
    const { actions } = await actionsAt(misspelt, 'bachSize', undefined, [own, other]);
    expect(actions[0].diagnostics).toEqual([own]);
  });

  it('is offered for all problems at once, in addition to the single ones', async () => {
    const { actions, after } = await actionsAt(misspelt, 'bachSize');
    const all = actions.filter(({ title }) => title === 'Fix all problems in this file');
    expect(all).toHaveLength(1);
    expect(find(after(all[0]))).toEqual([]);
    expect(after(all[0])).toContain('// a comment that stays');
    expect((await actionsAt(careless, '0.25')).actions.map(({ title }) => title)).not.toContain(all[0].title);
  });
});

describe('on save', () => {
  it('fixes errors, but not warnings', async () => {
    const errors = await actionsAt(misspelt, 'data', new CodeActionKind('source.fixAll'));
    expect(errors.actions.map(({ kind }) => kind.value)).toEqual([fixAllKind.value]);
    expect(find(errors.after(errors.actions[0])).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(find(careless).length).toBeGreaterThan(0);
    expect((await actionsAt(careless, 'data', new CodeActionKind('source.fixAll'))).actions).toEqual([]);
    expect((await actionsAt(misspelt, 'data', new CodeActionKind('source.organizeImports'))).actions).toEqual([]);
  });
});

describe('fixing all', () => {
  it('stops if two fixes undo each other, or if there is nothing to fix', () => {
    const flip = (text: string) =>
      [{ fixes: [{ title: '', offset: 0, length: 1, text: text === 'a' ? 'b' : 'a' }] }] as never;
    expect(applyFixes('a', flip).text).toBe('b');
    expect(applyFixes('a', () => []).text).toBe('a');
  });
});
