// The monitor's page in a plain browser: the extension's own document, policy and feed, with VS Code's colours around it.
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './project.mjs';

/** VS Code's themes as a webview sees them: variables of the root element, class of the body. */
export const themes = JSON.parse(readFileSync(path.join(root, 'test/fixtures/monitor/themes.json'), 'utf8'));

/** What the extension makes the page from, bundled for this process: it imports nothing of VS Code's. */
export async function loadExtensionParts() {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-parts-'));
  const outfile = path.join(folder, 'parts.mjs');
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

/** The state of a run as the extension sends it: `uriOf(file)` is the address of a picture. */
export function stateOf({ feedMonitor }, directory, uriOf) {
  return new Promise((resolve, reject) => {
    const feed = feedMonitor({
      directory,
      pictureUri: uriOf,
      post(message) {
        feed.stop();
        if (message.type === 'state') resolve(message.state);
        else reject(new Error(message.message ?? `a feed began with ${message.type}`));
      },
    });
  });
}

const types = { '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' };

/** Serves the page at `/` (`/?language=de` in another language than English), its files, and pictures by their full path below `pictures`. */
export async function servePage({ monitorHtml, pageTexts }, pictures) {
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
      ? path.resolve(pictures, decodeURIComponent(pathname.slice('/run/'.length)))
      : path.join(root, 'dist/webview', path.basename(pathname));
    if (!existsSync(file)) return response.writeHead(404).end();
    response.setHeader('Content-Type', types[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = () => `http://127.0.0.1:${server.address().port}`;
  return {
    origin: origin(),
    uriOf: (file) => `${origin()}/run/${path.relative(pictures, file)}`,
    close: () => server.close(),
  };
}

/**
 * Opens the page in a theme. `posted()` gives what it sent, `send(message)` tells it something, and `complaints` collects
 * what the browser's console said: errors, and every breach of the page's policy.
 */
export async function openPage(
  browser,
  origin,
  { theme, width, height, memory, language = 'en', scale = 1, reducedMotion = 'reduce' },
) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, reducedMotion });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(standIn, { theme: themes[theme], memory: memory ?? null });
  await page.goto(`${origin}/?language=${language}`);
  return {
    page,
    complaints,
    posted: () => page.evaluate(() => globalThis.posted),
    remembered: () => page.evaluate(() => globalThis.remembered),
    send: (message) => page.evaluate(deliver, packed(message)),
    close: () => context.close(),
  };
}

/** Runs in the page before it: what VS Code gives a webview. */
function standIn({ theme, memory }) {
  globalThis.posted = [];
  globalThis.remembered = memory;
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => globalThis.posted.push(message),
    getState: () => globalThis.remembered ?? undefined,
    setState: (state) => (globalThis.remembered = globalThis.structuredClone(state)),
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

/** Numbers cross to the browser as text in base 64, a hundred times faster than as JSON. */
const packed = (value) =>
  JSON.stringify(value, (_, item) =>
    ArrayBuffer.isView(item)
      ? {
          packed: item.constructor.name,
          data: Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('base64'),
        }
      : item,
  );

function deliver(text) {
  const message = JSON.parse(text, (_, item) => {
    if (!item?.packed) return item;
    const bytes = Uint8Array.from(globalThis.atob(item.data), (char) => char.charCodeAt(0));
    return new globalThis[item.packed](bytes.buffer);
  });
  globalThis.dispatchEvent(new globalThis.MessageEvent('message', { data: message }));
}
