// Shows the monitor's page in a plain browser, with the extension's HTML, CSP and messages, and VS Code's theme colors.
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './project.mjs';

/** VS Code's themes as seen by a webview: CSS variables of the root element and the class of the body. */
export const themes = JSON.parse(readFileSync(path.join(root, 'test/fixtures/monitor/themes.json'), 'utf8'));

/** Bundles and imports the extension's modules that build the page. None of them imports 'vscode'. */
export async function loadExtensionModules() {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-modules-'));
  const outfile = path.join(folder, 'modules.mjs');
  const contents = `export { feedMonitor } from './src/extension/monitor/feed';
    export { monitorHtml } from './src/extension/monitor/html';
    export { pageTexts } from './src/extension/monitor/html';
    export { sendCommand } from './src/run/control';
    export { thisProcess } from './src/run/process';`;
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['sharp'],
    logLevel: 'warning',
  });
  // Native packages are found from the project, where this file is not.
  try {
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The state of a run as the extension sends it; `uriOf(file)` gives the URI of an image. */
export function stateOf({ feedMonitor }, directory, uriOf) {
  return new Promise((resolve, reject) => {
    const feed = feedMonitor({
      directory,
      pictureUri: uriOf,
      post(message) {
        feed.stop();
        if (message.type === 'state') resolve(message.state);
        else reject(new Error(message.message ?? `the first message is '${message.type}' instead of 'state'`));
      },
    });
  });
}

const types = { '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png', '.svg': 'image/svg+xml' };

/**
 * Serves the page at `/` (`/?language=de` in German), its files, and the images in the folder `imageFolder` at
 * `/run/`.
 */
export async function servePage({ monitorHtml, pageTexts }, imageFolder) {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    if (pathname === '/') {
      const texts = pageTexts(path.join(root, 'l10n'), searchParams.get('language') ?? 'en');
      const html = monitorHtml({
        title: 'Monitor',
        texts,
        cspSource: origin(),
        script: '/main.js',
        style: '/main.css',
      });
      return response.setHeader('Content-Type', 'text/html').end(html);
    }
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    const file = pathname.startsWith('/run/')
      ? path.resolve(imageFolder, decodeURIComponent(pathname.slice('/run/'.length)))
      : path.join(root, 'dist/webview', path.basename(pathname));
    if (!existsSync(file)) return response.writeHead(404).end();
    response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = () => `http://127.0.0.1:${server.address().port}`;
  return {
    origin: origin(),
    uriOf: (file) => `${origin()}/run/${path.relative(imageFolder, file)}`,
    close: () => server.close(),
  };
}

/**
 * Opens the page in a theme. `postedMessages()` returns the messages that the page has posted, `send(message)` sends
 * it one, and `consoleErrors` collects errors and warnings of the console, including CSP violations.
 */
export async function openPage(
  browser,
  origin,
  { theme, width, height, viewState, language = 'en', scale = 1, reducedMotion = 'reduce' },
) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, reducedMotion });
  const page = await context.newPage();
  const consoleErrors = [];
  page.on('pageerror', (error) => consoleErrors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() !== 'log') consoleErrors.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(stubVsCodeApi, { theme: themes[theme], viewState: viewState ?? null });
  await page.goto(`${origin}/?language=${language}`);
  return {
    page,
    consoleErrors,
    postedMessages: () => page.evaluate(() => globalThis.postedMessages),
    savedState: () => page.evaluate(() => globalThis.savedState),
    send: (message) => page.evaluate(deliver, encode(message)),
    close: () => context.close(),
  };
}

/** Runs in the page before its own script: a stub of VS Code's webview API. */
function stubVsCodeApi({ theme, viewState }) {
  globalThis.postedMessages = [];
  globalThis.savedState = viewState;
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => globalThis.postedMessages.push(message),
    getState: () => globalThis.savedState ?? undefined,
    setState: (state) => (globalThis.savedState = globalThis.structuredClone(state)),
  });
  globalThis.setTheme = ({ variables, kind }) => {
    const { documentElement, body } = globalThis.document;
    documentElement.removeAttribute('style');
    for (const [name, value] of Object.entries(variables)) documentElement.style.setProperty(name, value);
    body.className = kind === 'vscode-high-contrast-light' ? `vscode-high-contrast ${kind}` : kind;
    body.dataset.vscodeThemeKind = kind;
  };
  globalThis.document.addEventListener('DOMContentLoaded', () => globalThis.setTheme(theme));
}

/** Sends typed arrays to the browser as base64, a hundred times faster than as JSON. */
const encode = (value) =>
  JSON.stringify(value, (_, item) =>
    ArrayBuffer.isView(item)
      ? {
          typedArray: item.constructor.name,
          data: Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('base64'),
        }
      : item,
  );

function deliver(text) {
  const message = JSON.parse(text, (_, item) => {
    if (!item?.typedArray) return item;
    const bytes = Uint8Array.from(globalThis.atob(item.data), (char) => char.charCodeAt(0));
    return new globalThis[item.typedArray](bytes.buffer);
  });
  globalThis.dispatchEvent(new globalThis.MessageEvent('message', { data: message }));
}
