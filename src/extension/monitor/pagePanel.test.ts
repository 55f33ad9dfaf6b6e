// A page may send from its first moment on, and gets what its feed has read when it says that it listens, a message at
// a time.
import { expect, it, vi } from 'vitest';
import type { ToPage } from '../../protocol/monitor';
import { Uri } from '../../../test/support/vscode';
import { showPage } from './pagePanel';

vi.mock('vscode', () => import('../../../test/support/vscode'));

/** A panel whose page sends `first` as soon as it has a document. */
function panelThatSends(first: readonly unknown[], delivered: Promise<unknown> = Promise.resolve()) {
  let receive: (message: unknown) => void = () => {};
  const posted: ToPage[] = [];
  const webview = {
    cspSource: 'https://csp',
    asWebviewUri: (uri: Uri) => uri,
    postMessage: (message: ToPage) => posted.push(message) > 0 && delivered,
    onDidReceiveMessage: (listener: typeof receive) => void (receive = listener),
    set html(_: string) {
      first.forEach((message) => receive(message));
    },
  };
  const panel = { webview, visible: true, title: '', onDidChangeViewState: () => {}, onDidDispose: () => {} };
  return { panel, posted, send: (message: unknown) => receive(message) };
}

const options = {
  context: { extensionUri: Uri.file('/extension'), extensionPath: '/extension' } as never,
  log: { warn: vi.fn(), error: vi.fn() } as never,
  title: 'Reproductions',
  handle: () => {},
};

it.each([
  ['sends each message after the one before it was delivered', true, 3],
  ['sends none after it was hidden', false, 1],
])('%s', async (_, visible, expected) => {
  let deliver = () => {};
  const { panel, posted } = panelThatSends([{ type: 'ready' }], new Promise<void>((resolve) => (deliver = resolve)));
  let changeViewState = () => {};
  const messages: ToPage[] = [{ type: 'distances' }, { type: 'comparison', runs: [] }, { type: 'distances' }];
  showPage(
    { ...panel, visible, onDidChangeViewState: (listener: () => void) => void (changeViewState = listener) } as never,
    {
      ...options,
      async start(post) {
        messages.forEach(post);
        return undefined;
      },
    },
  );
  await vi.waitFor(() => expect(posted).toEqual(messages.slice(0, 1)));
  changeViewState();
  deliver();
  await vi.waitFor(() => expect(posted).toHaveLength(expected));
  await new Promise(setImmediate);
  expect(posted).toEqual(messages.slice(0, expected));
});

it('lets the page draw before the parts of a long curve, which come one after the other', async () => {
  const rows = { step: new Float64Array(1), wallTime: new Float64Array(1), values: {} };
  const part: ToPage = { type: 'curve', rows, total: 2 };
  const ofRun: ToPage = { type: 'of', id: '/w/ring', message: part };
  const messages: ToPage[] = [{ type: 'distances' }, part, part, { type: 'distances' }, ofRun, ofRun];
  const times: number[] = [];
  const { panel, posted } = panelThatSends([{ type: 'ready' }]);
  const { postMessage } = panel.webview;
  panel.webview.postMessage = (message) => {
    times.push(performance.now());
    return postMessage(message);
  };
  showPage(panel as never, {
    ...options,
    async start(post) {
      messages.forEach(post);
      return undefined;
    },
  });
  await vi.waitFor(() => expect(posted).toEqual(messages), 5000);
  const pauses = times.map((time, i) => time - (times[i - 1] ?? time) > 300);
  expect([pauses[1], pauses[4]]).toEqual([true, true]);
});

it('handles a click before anything was sent to the page, and sends after the page listens only', async () => {
  const handled: unknown[] = [];
  const click = { type: 'runStudy', study: 'noise' };
  const show = ({ panel }: ReturnType<typeof panelThatSends>) =>
    showPage(panel as never, {
      ...options,
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
  await vi.waitFor(() => expect(early.posted).toEqual([{ type: 'distances' }]));
  // Its document was loaded again.
  early.send({ type: 'ready' });
  await vi.waitFor(() => expect(early.posted).toEqual([{ type: 'distances' }, { type: 'distances' }]));
  const listening = panelThatSends([{ type: 'ready' }, click]);
  show(listening);
  await vi.waitFor(() => expect(listening.posted).toEqual([{ type: 'distances' }]));
  expect(handled).toEqual([click, click]);
});
