// An in-memory mock of the VS Code API for the extension's unit tests.
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
  isEqual = ({ line, character }: Position) => this.line === line && this.character === character;
  isAfter = ({ line, character }: Position) => this.line > line || (this.line === line && this.character > character);
  translate = (lines = 0, characters = 0) => new Position(this.line + lines, this.character + characters);
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}
  get isEmpty() {
    return this.start.isEqual(this.end);
  }
  isEqual = ({ start, end }: Range) => this.start.isEqual(start) && this.end.isEqual(end);
  intersection = ({ start, end }: Range) => {
    const from = this.start.isAfter(start) ? this.start : start;
    const to = this.end.isAfter(end) ? end : this.end;
    return from.isAfter(to) ? undefined : new Range(from, to);
  };
}

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
    readonly fragment = '',
    readonly query = '',
  ) {}
  static file = (file: string) => new Uri('file', file);
  static from = ({ scheme, path }: { scheme: string; path: string }) => new Uri(scheme, path);
  static parse = (text: string) => {
    const { protocol, pathname, hash } = new URL(text);
    return new Uri(protocol.slice(0, -1), decodeURIComponent(pathname), hash.slice(1));
  };
  static joinPath = (base: Uri, ...parts: string[]) => new Uri(base.scheme, path.posix.join(base.path, ...parts));
  get fsPath() {
    return this.path;
  }
  with = ({ fragment = this.fragment, query = this.query }) => new Uri(this.scheme, this.path, fragment, query);
  toString = () => `${this.scheme}://${encodeURI(this.path)}${this.fragment ? `#${this.fragment}` : ''}`;
}

export const ViewColumn = { Active: -1, Beside: -2, One: 1 };

export class TabInputText {
  constructor(readonly uri: Uri) {}
}

export class TabInputWebview {
  constructor(readonly viewType: string) {}
}

export class CodeActionKind {
  static QuickFix = new CodeActionKind('quickfix');
  static SourceFixAll = new CodeActionKind('source.fixAll');
  constructor(readonly value: string) {}
  append = (part: string) => new CodeActionKind(`${this.value}.${part}`);
  contains = ({ value }: CodeActionKind) => value === this.value || value.startsWith(`${this.value}.`);
  intersects = (other: CodeActionKind) => this.contains(other) || other.contains(this);
}

export class CodeAction {
  edit?: WorkspaceEdit;
  diagnostics?: unknown[];
  isPreferred?: boolean;
  constructor(
    readonly title: string,
    readonly kind: CodeActionKind,
  ) {}
}

export class WorkspaceEdit {
  readonly edits: { readonly uri: Uri; readonly range: Range; readonly text: string }[] = [];
  replace(uri: Uri, range: Range, text: string) {
    this.edits.push({ uri, range, text });
  }
}

export class CompletionItem {
  range?: Range;
  detail?: string;
  constructor(
    readonly label: string,
    readonly kind: number,
  ) {}
}

export class DocumentLink {
  tooltip?: string;
  constructor(
    readonly range: Range,
    readonly target: Uri,
  ) {}
}

export class Disposable {
  static from = (...all: { dispose(): unknown }[]) => new Disposable(() => all.forEach((one) => one.dispose()));
  constructor(readonly dispose: () => unknown) {}
}

export class EventEmitter<T> {
  private readonly listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown) => {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  };
  fire(value: T) {
    this.listeners.forEach((listener) => listener(value));
  }
  dispose() {
    this.listeners.clear();
  }
}

export class LanguageModelTextPart {
  constructor(readonly value: string) {}
}

export class LanguageModelToolResult {
  constructor(readonly content: LanguageModelTextPart[]) {}
}

export class CancellationError extends Error {}
export class FileSystemError extends Error {}

export class MarkdownString {
  constructor(public value = '') {}
  appendText(text: string) {
    this.value += text.replace(/[\\`*_{}[\]()#+\-!~<>|]/g, '\\$&');
    return this;
  }
  appendMarkdown(text: string) {
    this.value += text;
    return this;
  }
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState: number,
  ) {}
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const CompletionItemKind = { File: 16, Function: 2 };
export const ProgressLocation = { Notification: 15 };
export const DiagnosticSeverity = { Error: 0, Warning: 1 };

/** An open document. */
export function documentOf(file: string, text: string, version = 1) {
  const lines = text.split('\n');
  return {
    uri: Uri.file(file),
    fileName: file,
    version,
    languageId: 'jsonc',
    isDirty: false,
    isUntitled: false,
    isClosed: false,
    save: async () => true,
    getText: () => text,
    positionAt(offset: number) {
      const before = text.slice(0, offset).split('\n');
      return new Position(before.length - 1, before[before.length - 1].length);
    },
    offsetAt: ({ line, character }: Position) =>
      lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character,
  };
}

/** The arguments of all registrations of providers and tools, by name. */
export const registered: Record<string, unknown[][]> = {};
const registers =
  (name: string) =>
  (...given: unknown[]) => {
    (registered[name] ??= []).push(given);
    return new Disposable(() => {});
  };
/** The provider or tool of the last registration: the argument that is an object with methods. */
export const lastRegistered = <T>(name: string): T =>
  registered[name]
    .at(-1)
    ?.find(
      (each) =>
        typeof each === 'object' && each !== null && Object.values(each).some((part) => typeof part === 'function'),
    ) as T;

const translated = (message: string, ...values: unknown[]) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));

export const l10n = { t: translated };
export const env = { language: 'en' };
export const languages = {
  registerCodeActionsProvider: registers('codeActions'),
  registerDefinitionProvider: registers('definition'),
  registerDocumentLinkProvider: registers('documentLink'),
  registerCompletionItemProvider: registers('completion'),
};
export const lm = { registerTool: registers('tool') };
/** Messages and documents that were shown, and the user's answers to the next questions; undefined is Escape. */
/** A status bar item that records what is written to it. */
function statusBarItem() {
  const written: [string, unknown][] = [];
  const item = {
    written,
    visible: false,
    command: undefined as unknown,
    tooltip: undefined as unknown,
    show: () => void (item.visible = true),
    hide: () => void (item.visible = false),
    dispose: () => {},
  };
  return new Proxy(item, {
    set(target, key, value) {
      if (key !== 'visible') written.push([String(key), value]);
      return Reflect.set(target, key, value);
    },
  });
}

interface PickItem {
  readonly label: string;
  readonly description?: string;
  readonly kind?: number;
}

/** A quick pick whose user selects items by label. */
class QuickPick {
  title = '';
  step: number | undefined = 0;
  totalSteps: number | undefined = 0;
  value = '';
  visible = false;
  buttons: unknown[] = [];
  items: PickItem[] = [];
  activeItems: PickItem[] = [];
  private readonly accepted = new EventEmitter<void>();
  private readonly button = new EventEmitter<unknown>();
  private readonly hidden = new EventEmitter<void>();
  readonly onDidAccept = this.accepted.event;
  readonly onDidTriggerButton = this.button.event;
  readonly onDidHide = this.hidden.event;
  show = () => void (this.visible = true);
  hide() {
    if (!this.visible) return;
    this.visible = false;
    this.hidden.fire();
  }
  dispose = () => this.hide();
  /** Enter. */
  accept = () => this.accepted.fire();
  back = () => this.button.fire(QuickInputButtons.Back);
  select(label: string) {
    this.activeItems = this.items.filter((item) => item.label === label);
    this.accept();
  }
}

/** A text box whose user enters texts. */
class InputBox {
  title = '';
  value = '';
  validationMessage: unknown;
  buttons: unknown[] = [];
  private readonly accepted = new EventEmitter<void>();
  private readonly changed = new EventEmitter<void>();
  private readonly hidden = new EventEmitter<void>();
  readonly onDidAccept = this.accepted.event;
  readonly onDidChangeValue = this.changed.event;
  readonly onDidHide = this.hidden.event;
  readonly onDidTriggerButton = never;
  show = () => {};
  dispose = () => {};
  /** Types a text and presses Enter. */
  enter(text: string) {
    this.value = text;
    this.changed.fire();
    this.accepted.fire();
  }
}

/** An event that does not happen in tests. */
const never = () => new Disposable(() => {});

export const QuickInputButtons = { Back: {} };
export const QuickPickItemKind = { Separator: -1, Default: 0 };

export const window = {
  statusBarItems: [] as ReturnType<typeof statusBarItem>[],
  createStatusBarItem() {
    const item = statusBarItem();
    window.statusBarItems.push(item);
    return item;
  },
  state: { focused: true },
  onDidChangeWindowState: () => new Disposable(() => {}),
  showInputBox: async () => window.answers.shift(),
  shown: [] as string[],
  answers: [] as unknown[],
  activeTextEditor: undefined as { document: { uri: Uri } } | undefined,
  showSaveDialog: async () => window.answers.shift(),
  showOpenDialog: async () => window.answers.shift(),
  showQuickPick: async (items: readonly { label: string }[]) =>
    items.find(({ label }) => label === window.answers[0]) &&
    items.find(({ label }) => label === window.answers.shift()),
  createQuickPick: () => {
    const list = new QuickPick();
    window.quickPicks.push(list);
    return list;
  },
  quickPicks: [] as QuickPick[],
  createInputBox: () => {
    const box = new InputBox();
    window.inputBoxes.push(box);
    return box;
  },
  inputBoxes: [] as InputBox[],
  showTextDocument: async (document: Uri | { readonly uri: Uri }, options?: object) => {
    window.shown.push('fsPath' in document ? document.fsPath : document.uri.fsPath);
    window.shownWith.push(options);
  },
  changeTabs: () => {},
  /** The options of the documents that were shown. */
  shownWith: [] as (object | undefined)[],
  tabGroups: {
    all: [] as { readonly viewColumn: number; readonly tabs: readonly { readonly input: unknown }[] }[],
    activeTabGroup: { activeTab: undefined as { readonly input: unknown } | undefined },
    onDidChangeTabs: (listener: () => void) => {
      window.changeTabs = listener;
      return new Disposable(() => {});
    },
  },
  showInformationMessage: async (message: string, ...buttons: readonly string[]) => {
    window.shown.push(message);
    return buttons.includes(window.answers[0] as string) ? window.answers.shift() : undefined;
  },
  showWarningMessage: async (message: string) => {
    window.shown.push(message);
    return window.answers.shift();
  },
  showErrorMessage: async (message: string, ...buttons: readonly string[]) => {
    window.shown.push(message);
    return buttons.includes(window.answers[0] as string) ? window.answers.shift() : undefined;
  },
  progress: [] as string[],
  withProgress: async (_: unknown, work: (progress: object, token: object) => unknown) =>
    work(
      { report: ({ message }: { message: string }) => window.progress.push(message) },
      { onCancellationRequested: () => {} },
    ),
};
export const commands = {
  executed: [] as unknown[][],
  executeCommand: async (...given: unknown[]) => void commands.executed.push(given),
};

/** The settings that differ from their defaults. */
export const configured: Record<string, unknown> = {};

export const workspace = {
  getWorkspaceFolder: (uri: Uri) =>
    workspace.workspaceFolders.find((folder) => uri.fsPath.startsWith(folder.uri.fsPath)),
  getConfiguration: () => ({ get: <T>(id: string, otherwise: T) => (configured[id] as T | undefined) ?? otherwise }),
  asRelativePath: ({ fsPath }: Uri) => fsPath,
  openTextDocument: async ({ fsPath }: Uri) => documentOf(fsPath, readFileSync(fsPath, 'utf8')),
  fs: {
    copy: async (from: Uri, to: Uri) => copyFileSync(from.fsPath, to.fsPath),
    stat: async ({ fsPath }: Uri) => statSync(fsPath),
    writeFile: async ({ fsPath }: Uri, content: Uint8Array) => writeFileSync(fsPath, content),
  },
  onDidChangeWorkspaceFolders: never,
  onDidOpenTextDocument: never,
  onDidCloseTextDocument: never,
  onDidChangeConfiguration: never,
  isTrusted: true,
  textDocuments: [] as ReturnType<typeof documentOf>[],
  workspaceFolders: [] as { uri: Uri; name?: string }[],
  findFiles: async (): Promise<Uri[]> => [],
};
