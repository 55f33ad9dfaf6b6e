// Types of monitorPage.mjs for the tests.
import type { Browser, Page } from 'playwright-core';
import type { FromPage, MonitorState, ToPage } from '../../src/protocol/monitor';

export type ThemeName = 'dark' | 'light' | 'hc-dark' | 'hc-light';
export const themes: Readonly<Record<ThemeName, { kind: string; variables: Readonly<Record<string, string>> }>>;

export interface ExtensionModules {
  readonly feedMonitor: unknown;
  readonly monitorHtml: unknown;
  readonly pageTexts: unknown;
  readonly sendCommand: unknown;
  readonly thisProcess: unknown;
}
export function loadExtensionModules(): Promise<ExtensionModules>;
export function stateOf(
  modules: ExtensionModules,
  directory: string,
  uriOf: (file: string) => string,
): Promise<MonitorState>;

export interface ServedPage {
  readonly origin: string;
  readonly uriOf: (file: string) => string;
  readonly close: () => void;
}
export function servePage(modules: ExtensionModules, imageFolder: string): Promise<ServedPage>;

export interface OpenedPage {
  readonly page: Page;
  readonly consoleErrors: string[];
  readonly postedMessages: () => Promise<FromPage[]>;
  readonly savedState: () => Promise<unknown>;
  readonly send: (message: ToPage) => Promise<void>;
  readonly close: () => Promise<void>;
}
export function openPage(
  browser: Browser,
  origin: string,
  options: { theme: ThemeName; width: number; height: number; viewState?: unknown; language?: string; scale?: number },
): Promise<OpenedPage>;
