// A page may send from its first moment on, and gets what its feed has read when it says that it listens.
import { expect, it, vi } from 'vitest';
import type { ToPage } from '../../protocol/monitor';
import { Uri } from '../../../test/support/vscode';
import { showPage } from './pagePanel';

vi.mock('vscode', () => import('../../../test/support/vscode'));

/** A panel whose page sends `first` as soon as it has a document. */
function panelThatSends(first: readonly unknown[]) {
  let receive: (message: unknown) => void = () => {};
  const posted: ToPage[] = [];
  const webview = {
    cspSource: 'https://csp',
    asWebviewUri: (uri: Uri) => uri,
    postMessage: async (message: ToPage) => posted.push(message) > 0,
    onDidReceiveMessage: (listener: typeof receive) => void (receive = listener),
    set html(_: string) {
      first.forEach((message) => receive(message));
    },
  };
  const panel = { webview, visible: true, title: '', onDidChangeViewState: () => {}, onDidDispose: () => {} };
  return { panel, posted, send: (message: unknown) => receive(message) };
}

it('handles a click before anything was sent to the page, and sends after the page listens only', async () => {
  const handled: unknown[] = [];
  const click = { type: 'runStudy', study: 'noise' };
  const show = ({ panel }: ReturnType<typeof panelThatSends>) =>
    showPage(panel as never, {
      context: { extensionUri: Uri.file('/extension'), extensionPath: '/extension' } as never,
      log: { warn: vi.fn(), error: vi.fn() } as never,
      title: 'Reproductions',
      handle: (message) => handled.push(message),
      async start(post) {
        post({ type: 'distances' });
        return undefined;
      },
    });
  const early = panelThatSends([click]);
  show(early);
  expect(handled).toEqual([click]);
  expect(early.posted).toEqual([]);
  early.send({ type: 'ready' });
  expect(early.posted).toEqual([{ type: 'distances' }]);
  // Its document was loaded again.
  early.send({ type: 'ready' });
  expect(early.posted).toEqual([{ type: 'distances' }, { type: 'distances' }]);
  const listening = panelThatSends([{ type: 'ready' }, click]);
  show(listening);
  expect(listening.posted).toEqual([{ type: 'distances' }]);
  expect(handled).toEqual([click, click]);
});
