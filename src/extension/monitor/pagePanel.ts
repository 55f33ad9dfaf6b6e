// A panel that shows the page: its document, its checked messages, and a feed while it is visible.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { FromPage, ToPage } from '../../protocol/monitor';
import { checkFromPage } from '../../protocol/monitorChecks';
import { clean } from '../../shared/text';
import type { Log } from '../log';
import type { Feed } from './feed';
import { monitorHtml, pageTexts } from './html';
import type { PictureUri } from './runFiles';

/** A feed whose code may still be loading. */
export type StartingFeed = Pick<Feed, 'stop'>;

interface PageFeed extends StartingFeed {
  /** Whether it keeps its messages until it is released. */
  readonly waits: boolean;
  release(): void;
}

export interface PageOptions {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly title: string;
  /** Starts to send what the page shows. What is posted after the feed was stopped is not sent. */
  readonly start: (post: (message: ToPage) => void, pictureUri: PictureUri) => Promise<StartingFeed | undefined>;
  readonly handle: (message: Exclude<FromPage, { type: 'ready' }>) => void;
}

export function showPage(panel: vscode.WebviewPanel, { context, log, title, start, handle }: PageOptions): void {
  const { webview } = panel;
  const file = (...parts: string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview', ...parts)).toString();
  const pictureUri: PictureUri = (picture, version) =>
    webview
      .asWebviewUri(vscode.Uri.file(picture))
      .with({ query: `v=${version}` })
      .toString();
  let sendDocument = () => {};
  // VS Code sends the document in a timer, which the first loading of the feed's code would hold up.
  const documentSent = new Promise<void>((resolve) => (sendDocument = resolve)).then(() => sleep(0));
  /** What is posted while the feed waits for the page is sent when it is released. */
  const startFeed = (waits: boolean): PageFeed => {
    let on = true;
    let waiting = waits;
    let release = () => {};
    // One message at a time: what is posted is serialized at once, so that a large one would delay those before it.
    let sent: PromiseLike<unknown> = waits ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
    let feed: StartingFeed | undefined;
    let isWithinCurve = false;
    const send = (message: ToPage) => async () => {
      const continuesCurve = isPartOfCurve(message);
      if (continuesCurve && !isWithinCurve) await sleep(drawMs);
      isWithinCurve = continuesCurve;
      if (on) await webview.postMessage(message);
    };
    const post = (message: ToPage) => {
      sent = sent.then(send(message)).then(undefined, (error: unknown) => log.error(String(error)));
    };
    const begin = async () => (on ? start(post, pictureUri) : undefined);
    (waits ? documentSent.then(begin) : begin()).then(
      (started) => {
        if (on) feed = started;
        else started?.stop();
      },
      (error: unknown) => log.error(String(error)),
    );
    return {
      get waits() {
        return on && waiting;
      },
      release() {
        waiting = false;
        release();
      },
      stop() {
        on = false;
        feed?.stop();
      },
    };
  };
  // It reads while the page is loading.
  let feed = startFeed(true);
  webview.onDidReceiveMessage((value: unknown) => {
    const message = checkFromPage(value);
    if ('problem' in message) {
      log.warn(`The page of ${title} sent an invalid message: ${message.problem}`);
    } else if (message.value.type === 'ready') {
      if (feed.waits) return feed.release();
      feed.stop();
      feed = startFeed(false);
    } else {
      handle(message.value);
    }
  });
  // VS Code discards a hidden page: stop its feed. It sends 'ready' again when it is visible.
  panel.onDidChangeViewState(() => {
    if (!panel.visible) feed.stop();
  });
  panel.onDidDispose(() => feed.stop());
  panel.title = clean(title);
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'monitor.svg');
  webview.html = monitorHtml({
    title,
    texts: pageTexts(path.join(context.extensionPath, 'l10n'), vscode.env.language),
    cspSource: webview.cspSource,
    script: file('main.js'),
    style: file('main.css'),
  });
  sendDocument();
}

/** Before the parts of a long curve, which would keep the page from drawing the state that came first. */
const drawMs = 400;

const isPartOfCurve = (message: ToPage): boolean =>
  (message.type === 'of' ? message.message : message).type === 'curve';

/** The page may load its own files and the images in `folders`. */
export const pageAccess = (
  { extensionUri }: vscode.ExtensionContext,
  folders: readonly string[],
): vscode.WebviewOptions => ({
  enableScripts: true,
  localResourceRoots: [
    vscode.Uri.joinPath(extensionUri, 'dist', 'webview'),
    ...folders.map((folder) => vscode.Uri.file(folder)),
  ],
});
