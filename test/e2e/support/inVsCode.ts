// Tests in real VS Code: a server per test file, a window and a workspace per test, and evidence of failures.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { type Server, type ServerOptions, startServer } from './server';
import { missing } from './tools';
import { openWindow, type Window } from './window';
import { workspace, type Workspace } from './workspace';

export interface Opened {
  readonly window: Window;
  readonly space: Workspace;
  readonly server: Server;
}

/** Opens a window on a new folder with these files, or `beside` it; both are removed after the test. */
export type Open = (files: Readonly<Record<string, string | object>>, where?: 'inside' | 'beside') => Promise<Opened>;

/** Failures leave a screenshot and logs here, in a folder for each test. */
const evidence = path.resolve(__dirname, '../../../dist/e2e');

/** Declares tests that are skipped, with the reason, if VS Code or a browser is not available. */
export function inVsCode(
  name: string,
  options: ServerOptions,
  declare: (open: Open, server: () => Server) => void,
): void {
  describe.skipIf(missing)(missing ? `${name} (${missing})` : name, () => {
    let server: Server;
    beforeAll(async () => {
      server = await startServer(options);
    }, 120_000);
    afterAll(() => server?.stop(), 60_000);

    declare(
      async (files, where = 'inside') => {
        const space = workspace(files);
        onTestFinished(() => space.remove());
        const window = await openWindow(server, where === 'beside' ? null : space.opens);
        const opened = { window, space, server };
        // Hooks run in reverse order: the evidence is collected while the window is still open.
        onTestFinished(() => window.close());
        onTestFinished(async ({ task }) => {
          if (task.result?.state === 'fail') await leaveEvidence(task.name, opened);
        });
        return opened;
      },
      () => server,
    );
  });
}

async function leaveEvidence(test: string, { window, space, server }: Opened): Promise<void> {
  const folder = path.join(evidence, test.replace(/[^a-z0-9]+/gi, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await window.page.screenshot({ path: path.join(folder, 'window.png') });
  const texts: Record<string, string> = {
    'browser.log': window.console.join('\n'),
    ...server.logs(),
    ...Object.fromEntries(
      space.runs().flatMap((run) => {
        const name = path.basename(run.directory);
        return [
          [`${name}/status.json`, JSON.stringify(run.status(), null, 2)],
          [`${name}/log.txt`, run.log()],
        ];
      }),
    ),
  };
  for (const [name, text] of Object.entries(texts)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.error(`Screenshot and logs: ${folder}`);
  for (const name of Object.keys(texts).filter((file) => /remoteexthost\.log$|Earthmover|log\.txt$/.test(file))) {
    console.error(`\n${name}, its end:\n${texts[name].split('\n').slice(-30).join('\n')}`);
  }
}
