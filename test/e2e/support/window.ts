// A window of VS Code and the actions of its user: Explorer, Command Palette, CodeLenses, notifications, panels.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { eventually } from './eventually';
import { monitorOf, type Monitor } from './monitor';
import type { Server } from './server';

export interface Window {
  readonly page: Page;
  /** The messages of the browser's console, including page errors. */
  readonly console: readonly string[];
  /** Opens a file of the workspace's root from the explorer. */
  readonly openFile: (name: string) => Promise<void>;
  /** Opens a file by its path, wherever it is. */
  readonly openPath: (file: string) => Promise<void>;
  /** Runs a command by its title in the Command Palette. */
  readonly command: (title: string) => Promise<void>;
  /** The same without a mouse. */
  readonly type: (title: string) => Promise<void>;
  /** The titles that the Command Palette offers for a text. */
  readonly offered: (text: string) => Promise<string[]>;
  /** Selects an item of a quick pick. */
  readonly choose: (text: string | RegExp) => Promise<void>;
  /** Selects from the context menu of an item; a menu that has just opened ignores a click. */
  readonly fromMenu: (item: Locator, title: string) => Promise<unknown>;
  /** Accepts the path that a file dialog proposes. */
  readonly acceptPath: (button: string | RegExp) => Promise<void>;
  /** A CodeLens, once the editor does not redraw it any more. */
  readonly lens: (title: string) => Promise<Locator>;
  readonly clickLens: (title: string) => Promise<void>;
  readonly tab: (title: string | RegExp) => Locator;
  readonly notification: (text: string | RegExp) => Locator;
  /** Hovers over a place in an editor until the hover has this text. */
  readonly explains: (place: Locator, text: RegExp) => Promise<void>;
  /** The visible monitor. */
  readonly monitor: Monitor;
  /** Reloads the window with VS Code's command; resolves when the workbench is ready. */
  readonly reload: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starting an extension host on a busy machine is slow. */
const patience = 60_000;

/** Opens a folder or a *.code-workspace; null for a window without a folder. */
export async function openWindow(server: Server, file: string | null): Promise<Window> {
  const context = await server.browser.newContext({ viewport: { width: 1600, height: 1000 }, locale: 'en-US' });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const console: string[] = [];
  page.on('console', (message) => console.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => console.push(`uncaught: ${error.stack ?? error.message}`));
  const kind = file?.endsWith('.code-workspace') ? 'workspace' : 'folder';
  await page.goto(`${server.url}?${file === null ? 'ew=true' : `${kind}=${encodeURIComponent(file)}`}`);
  // On a busy machine VS Code sometimes opens a workspace without its folders; loading it again helps.
  const reopen = () => page.reload().then(() => ready(page, file !== null));
  await ready(page, file !== null)
    .catch(reopen)
    .catch(async (error: unknown) => {
      // There is no window yet to collect evidence from.
      const picture = path.resolve(__dirname, '../../../dist/e2e/not-ready.png');
      await page.screenshot({ path: picture });
      await context.close();
      throw new Error(`VS Code did not open ${file}: ${picture}\n${console.slice(-20).join('\n')}`, { cause: error });
    });

  const picker = page.locator('.quick-input-widget');
  const choices = picker.locator('.monaco-list-row');

  /**
   * Opens the palette with this text and waits for a command of that title; tried again, as a window that is still
   * starting may close the palette, or not know the command yet.
   */
  async function palette(title: string): Promise<Locator> {
    const command = choices.filter({ hasText: title }).first();
    return eventually(`the command palette offers "${title}"`, async () => {
      if (await picker.isVisible()) await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await picker.locator('input').fill(`>${title}`, { timeout: 3000 });
      await command.waitFor({ timeout: 3000 });
      return command;
    });
  }

  /**
   * An editor that has just opened draws its lenses again when their provider has more to say, and a click between the
   * pressing and the release of the button goes to one that has disappeared.
   */
  async function lens(title: string): Promise<Locator> {
    const found = page.locator('.codelens-decoration a', { hasText: title }).first();
    await eventually(`the lens "${title}" stays`, async () => {
      const drawn = await found.elementHandle();
      await sleep(1000);
      return drawn?.evaluate((element: { isConnected: boolean }) => element.isConnected);
    });
    return found;
  }

  return {
    page,
    console,
    openFile: async (name) => {
      await page.getByRole('treeitem', { name, exact: true }).dblclick();
      await page.getByRole('tab', { name: new RegExp(`^${literal(name)}`) }).waitFor();
    },
    openPath: async (file) => {
      await (await palette('File: Open File...')).click();
      const tab = page.getByRole('tab', { name: new RegExp(`^${literal(path.basename(file))}`) });
      await eventually('the file is opened', async () => {
        if (await picker.isVisible()) {
          await picker.locator('input').fill(file, { timeout: 3000 });
          await page.keyboard.press('Enter');
        }
        await tab.waitFor({ timeout: 3000 });
        return true;
      });
    },
    command: async (title) => (await palette(title)).click(),
    type: async (title) => {
      await palette(title);
      await page.keyboard.press('Enter');
    },
    offered: async (text) => {
      await palette(text);
      const titles = await choices.locator('.label-name').allTextContents();
      await page.keyboard.press('Escape');
      return titles;
    },
    choose: (text) => choices.filter({ hasText: text }).first().click(),
    fromMenu: (item, title) =>
      eventually(`the menu has ${title}`, async () => {
        const entry = page.getByRole('menuitem', { name: title });
        if (!(await entry.isVisible())) await item.click({ button: 'right', timeout: 3000 });
        await entry.click({ timeout: 3000 });
        await entry.waitFor({ state: 'detached', timeout: 3000 });
        return true;
      }),
    acceptPath: (button) => picker.getByRole('button', { name: button }).click(),
    lens,
    clickLens: async (title) => (await lens(title)).click(),
    tab: (title) => page.getByRole('tab', { name: title }),
    notification: (text) => page.locator('.notification-toast, .monaco-dialog-box').filter({ hasText: text }),
    explains: async (place, text) => {
      await eventually(`the hover says ${text}`, async () => {
        // Move the pointer away first, until the last hover is hidden: otherwise that one stays.
        await page.mouse.move(1200, 800);
        await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden', timeout: 3000 });
        // Near its left edge: the middle of a single character could resolve to either side.
        await place.hover({ timeout: 3000, position: { x: 3, y: 9 } });
        await page.locator('.monaco-hover').getByText(text).first().waitFor({ timeout: 3000 });
        return true;
      });
    },
    monitor: monitorOf(page),
    reload: async () => {
      const reload = await palette('Developer: Reload Window');
      const loaded = page.waitForEvent('load');
      await reload.click();
      await loaded;
      await ready(page, file !== null);
    },
    close: () => context.close(),
  };
}

async function ready(page: Page, hasFolder: boolean): Promise<void> {
  await page.locator('.monaco-workbench').waitFor();
  if (hasFolder) await page.getByRole('treeitem').first().waitFor();
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
