// package.json and the code have the same commands, settings, views and context keys.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  toolNames,
  commandIds,
  contextIds,
  doctorViewType,
  monitorViewType,
  runsTableViewType,
  runWords,
  settingIds,
  sweepViewType,
  sweepWords,
  studyViewTypes,
  viewIds,
} from './ids';
const manifest = JSON.parse(readFileSync(path.join(__dirname, '../../package.json'), 'utf8'));
const { contributes } = manifest;
const sorted = (ids: Iterable<string>) => [...ids].sort();

interface MenuItem {
  readonly command: string;
  readonly when?: string;
}
const menuItems = Object.values<MenuItem[]>(contributes.menus).flat();

describe('package.json', () => {
  it('declares the commands of the code and no others', () => {
    const declared = contributes.commands.map(({ command }: { command: string }) => command);
    expect(sorted(declared)).toEqual(sorted(Object.values(commandIds)));
    expect(contributes.commands.every(({ category }: { category: string }) => category === 'Earthmover')).toBe(true);
  });

  it('declares exactly the settings that the code uses', () => {
    expect(sorted(Object.keys(contributes.configuration.properties))).toEqual(sorted(Object.values(settingIds)));
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain(settingIds.nodePath);
  });

  it('declares the views that the code uses', () => {
    expect(contributes.viewsContainers.activitybar.map(({ id }: { id: string }) => id)).toEqual([viewIds.container]);
    expect(contributes.views[viewIds.container].map(({ id }: { id: string }) => id)).toEqual([viewIds.runs]);
    expect(contributes.viewsWelcome.every(({ view }: { view: string }) => view === viewIds.runs)).toBe(true);
    for (const viewType of [monitorViewType, runsTableViewType, sweepViewType, doctorViewType, ...studyViewTypes])
      expect(manifest.activationEvents).toContain(`onWebviewPanel:${viewType}`);
  });

  it('uses only existing commands in menus, and only context keys that the code sets', () => {
    for (const { command } of menuItems) expect(Object.values<string>(commandIds)).toContain(command);
    const enablements = contributes.commands.flatMap(({ enablement }: { enablement?: string }) => enablement ?? []);
    const conditions = [...menuItems.flatMap(({ when }) => when ?? []), ...enablements].join('\n');
    // VS Code has no such operator and treats an invalid clause as true.
    expect(conditions).not.toContain('!~');
    const known = [...Object.values(contextIds), viewIds.runs] as string[];
    for (const [key] of conditions.matchAll(/\bearthmover\.\w+/g)) expect(known).toContain(key);
    const words = [...conditions.matchAll(/\/\\b\(?([\w|]+)\)?\\b\//g)].flatMap(([, list]) => list.split('|'));
    expect(sorted(new Set(words))).toEqual(sorted([...runWords, ...sweepWords]));
  });

  it('declares the language-model tools, each with a schema and a description', () => {
    const tools: { name: string; inputSchema: { type: string }; modelDescription: string }[] =
      contributes.languageModelTools;
    expect(tools.map(({ name }) => name)).toEqual(toolNames);
    expect(
      tools.every(
        ({ inputSchema, modelDescription }) => inputSchema.type === 'object' && modelDescription.length > 100,
      ),
    ).toBe(true);
  });

  it('offers commands in the Command Palette where there is something that they apply to', () => {
    const whenOf = (id: string) =>
      contributes.menus.commandPalette.find(({ command }: MenuItem) => command === id)?.when as string | undefined;
    expect(whenOf(commandIds.unpinBaseline)).toBe(contextIds.hasBaseline);
    for (const id of [commandIds.stop, commandIds.pause, commandIds.step])
      expect(whenOf(id)).toBe(contextIds.hasLiveRuns);
    for (const id of Object.values(commandIds).filter((each) => /\w(Sweep|SweepLog|BestTrial)$/.test(each)))
      expect([id, whenOf(id)]).toEqual([id, /run|new/i.test(id) ? undefined : contextIds.hasSweeps]);
  });

  it('hides commands that need an argument from the Command Palette', () => {
    const hidden = contributes.menus.commandPalette.filter(({ when }: MenuItem) => when === 'false');
    expect(hidden.map(({ command }: MenuItem) => command)).toEqual([commandIds.quickStartModel]);
  });
});
