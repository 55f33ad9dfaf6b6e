// Types of monitorPage.mjs for the tests.
import type { Browser, Page } from 'playwright-core';
import type { FromPage, MonitorState, ToPage } from '../../src/protocol/monitor';

export type ThemeName = 'dark' | 'light' | 'hc-dark' | 'hc-light';
export const themes: Readonly<Record<ThemeName, { kind: string; variables: Readonly<Record<string, string>> }>>;

export interface ExtensionParts {
  readonly feedMonitor: unknown;
  readonly monitorHtml: unknown;
  readonly pageTexts: unknown;
  readonly sendCommand: unknown;
  readonly thisProcess: unknown;
}
export function loadExtensionParts(): Promise<ExtensionParts>;
export function stateOf(
  parts: ExtensionParts,
  directory: string,
  uriOf: (file: string) => string,
): Promise<MonitorState>;

export interface ServedPage {
  readonly origin: string;
  readonly uriOf: (file: string) => string;
  readonly close: () => void;
}
export function servePage(parts: ExtensionParts, pictures: string): Promise<ServedPage>;

export interface OpenedPage {
  readonly page: Page;
  readonly complaints: string[];
  readonly posted: () => Promise<FromPage[]>;
  readonly remembered: () => Promise<unknown>;
  readonly send: (message: ToPage) => Promise<void>;
  readonly close: () => Promise<void>;
}
export function openPage(
  browser: Browser,
  origin: string,
  options: { theme: ThemeName; width: number; height: number; memory?: unknown; language?: string; scale?: number },
): Promise<OpenedPage>;
