// VS Code (code-server) with the packaged extension installed, and a browser: one per test file.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { eventually } from './eventually';
import { addExtension, addLanguage, type OwnExtension } from './installed';
import { kill, processesOf } from './processes';
import { tools } from './tools';

export interface Server {
  readonly url: string;
  /** The folder of the installed extension. */
  readonly extension: string;
  readonly browser: Browser;
  /** The logs of VS Code and the extension, by file. */
  readonly logs: () => Record<string, string>;
  readonly stop: () => Promise<void>;
}

/** No animations, prompts or telemetry; otherwise the defaults of a new user. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'workbench.colorTheme': 'Default Dark Modern',
  'editor.cursorBlinking': 'solid',
  // Its text can be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'git.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
};

export interface ServerOptions {
  /** False enables workspace trust, as by default. */
  readonly trusting?: boolean;
  /** The display language, as with an installed language pack. */
  readonly language?: string;
  /** Other extensions that a test needs. */
  readonly otherExtensions?: readonly OwnExtension[];
}

/** Starts VS Code with an empty home folder and the VSIX installed. */
export async function startServer({
  trusting = true,
  language,
  otherExtensions = [],
}: ServerOptions = {}): Promise<Server> {
  const { workbench, vsix } = tools();
  const home = mkdtempSync(path.join(tmpdir(), 'earthmover-vscode-'));
  const [user, extensions, log] = ['user', 'extensions', 'server.log'].map((name) => path.join(home, name));
  mkdirSync(path.join(user, 'User'), { recursive: true });
  writeFileSync(path.join(user, 'User', 'settings.json'), JSON.stringify(settings));
  writeFileSync(path.join(home, 'config.yaml'), '');
  const env = environment(home);
  const start = [workbench.server, '--config', path.join(home, 'config.yaml'), '--user-data-dir', user];
  const common = [...start, '--extensions-dir', extensions];
  const install = (into: string) =>
    execFileSync(workbench.node, [...start, '--extensions-dir', into, '--install-extension', vsix], {
      env,
      cwd: home,
      stdio: 'pipe',
    });
  cpSync(installed(vsix, install), extensions, { recursive: true });
  const [extension] = readdirSync(extensions, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  otherExtensions.forEach((own) => addExtension(extensions, own));
  if (language) addLanguage(user, language);

  const child = spawn(
    workbench.node,
    [
      ...common,
      ...['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--disable-telemetry', '--disable-update-check'],
      ...(trusting ? ['--disable-workspace-trust'] : []),
      ...(language ? ['--locale', language] : []),
    ],
    { env, cwd: home, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  writeFileSync(log, '');
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => appendFileSync(log, data));
  const end = endWith(child);
  try {
    const url = await eventually(
      'VS Code listens',
      () => /HTTP server listening on (http:\S+)/.exec(readFileSync(log, 'utf8'))?.[1] ?? '',
    );
    const browser = await chromium.launch({ executablePath: tools().chromium.path, args: [...tools().chromium.flags] });
    return {
      url,
      extension: path.join(extensions, extension.name),
      browser,
      logs: () => readLogs(home),
      stop: async () => {
        await browser.close();
        await end();
        // Other processes of VS Code (terminal and file watchers) exit shortly after it.
        for (const { pid } of processesOf(home)) kill(pid);
        rmSync(home, { recursive: true, force: true, maxRetries: 10 });
      },
    };
  } catch (error) {
    await end();
    throw new Error(`VS Code did not start:\n${readFileSync(log, 'utf8')}`, { cause: error });
  }
}

/** A folder of extensions into which VS Code has installed the VSIX; cached for each VSIX that `npm test` makes. */
function installed(vsix: string, install: (into: string) => void): string {
  const kept = path.join(path.dirname(vsix), 'e2e');
  const name = `installed-${statSync(vsix).mtimeMs}`;
  const folder = path.join(kept, name);
  if (existsSync(folder)) return folder;
  mkdirSync(kept, { recursive: true });
  for (const old of readdirSync(kept))
    if (old.startsWith('installed-') && old !== name) rmSync(path.join(kept, old), { recursive: true, force: true });
  const temporary = mkdtempSync(path.join(kept, 'installing-'));
  install(temporary);
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // The tests of another file were faster.
    rmSync(temporary, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Its own home folder, no Node on the PATH, and no variables of the test runner or of an editor around it. */
function environment(home: string): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|VITEST|ELECTRON_|NODE_|npm_|XDG_|EARTHMOVER_|CI$|TEST$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const PATH = pathWithoutNode(path.join(home, 'programs'));
  return { ...Object.fromEntries(kept), HOME: home, PATH, EXTENSIONS_GALLERY: '{}', LC_ALL: 'C.UTF-8' };
}

/** A PATH without Node: a folder that contains it is replaced by links, in `into`, to its other programs. */
export function pathWithoutNode(into: string): string {
  const node = /^(node|nodejs|npm|npx|corepack)$/;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => existsSync(folder));
  const programs = folders.map((folder) => ({ folder, names: readdirSync(folder) }));
  return programs
    .map(({ folder, names }, i) => {
      if (!names.some((name) => node.test(name))) return folder;
      const links = path.join(into, String(i));
      mkdirSync(links, { recursive: true });
      for (const name of names) if (!node.test(name)) symlinkSync(path.join(folder, name), path.join(links, name));
      return links;
    })
    .join(path.delimiter);
}

/** Kills the process and its group on request, and when the tests are interrupted. */
function endWith(child: ChildProcess): () => Promise<void> {
  const group = -child.pid!;
  const atOnce = () => kill(group);
  // A listener keeps the signal from ending this process, and Vitest keeps process.exit from it: what ends with this
  // process is told, and then it goes. It would stay for ever otherwise, without a runner to report to.
  const leave = () => {
    process.emit('exit', 1);
    process.kill(process.pid, 'SIGKILL');
  };
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  process.once('exit', atOnce);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, leave);
  return async () => {
    process.off('exit', atOnce);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, leave);
    kill(group);
    await exited;
  };
}

function readLogs(home: string): Record<string, string> {
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(path.join(home, file), 'utf8')]));
}
