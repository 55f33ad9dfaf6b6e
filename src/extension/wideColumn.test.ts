// Where wide pages open.
import { describe, expect, it, vi } from 'vitest';
import { wideColumn } from './wideColumn';

const { window, TabInputWebview } = vi.hoisted(() => ({
  window: { tabGroups: { activeTabGroup: { activeTab: undefined as { readonly input: unknown } | undefined } } },
  TabInputWebview: class {
    constructor(readonly viewType: string) {}
  },
}));
vi.mock('vscode', () => ({ window, TabInputWebview, ViewColumn: { Active: -1, Beside: -2, One: 1 } }));

describe('the column of a wide page', () => {
  const columnWith = (input: unknown) => {
    window.tabGroups.activeTabGroup.activeTab = input === undefined ? undefined : { input };
    return wideColumn();
  };

  it('is the active one', () => {
    expect(columnWith(undefined)).toBe(-1);
    expect(columnWith({ uri: 'ring.gan.json' })).toBe(-1);
    expect(columnWith(new TabInputWebview('mainThreadWebview-markdown.preview'))).toBe(-1);
  });

  it('is the first beside a monitor', () =>
    expect(columnWith(new TabInputWebview('mainThreadWebview-earthmover.monitor'))).toBe(1));
});
