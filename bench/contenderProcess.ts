// A contender as a child process: starts it, sends requests, ends it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type BenchCase } from './cases';
import { type Contender, type Setting } from './contenders';
import { asGemm, asOpening, asTimed, parseLine, type Unavailable, type Gemm, type Ready, type Timed } from './protocol';

export interface Running {
  readonly ready: Ready;
  readonly setting: Setting;
  /** From the start of the process to the end of its first iteration. */
  readonly firstSeconds: number;
  go(iterations: number): Promise<Timed>;
  gemm(): Promise<Gemm>;
  close(): Promise<void>;
}

/** Starts a contender on a case; `unavailable` is the reason if it cannot run. */
export async function start(
  contender: Contender,
  benchCase: BenchCase,
  setting: Setting = contender.settings[0],
  timeoutMs = 300_000,
): Promise<Running | Unavailable> {
  if (contender.absent) return { unavailable: contender.absent };
  const child = spawn(contender.command, [...contender.args, JSON.stringify(benchCase)], {
    env: { ...process.env, ...setting.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const started = performance.now();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-2000)));
  child.stdin.on('error', () => {}); // The exit of the child is handled below.
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT';
      failure = new Error(missing ? `${contender.command} was not found. ${contender.help}` : error.message);
      resolve();
    });
    child.on('close', () => resolve());
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  /** Parses the next line that is a JSON object. */
  const next = async <T>(parse: (line: Record<string, unknown>) => T | undefined): Promise<T> => {
    const timer = setTimeout(() => {
      failure = new Error(`no answer within ${timeoutMs / 1000} s`);
      child.kill('SIGKILL');
    }, timeoutMs);
    try {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) {
          await ended;
          throw failure ?? new Error(`it exited before it answered${stderr ? `: ${lastLine(stderr)}` : ''}`);
        }
        const line = parseLine(value);
        if (!line) continue;
        const parsed = parse(line);
        if (parsed === undefined) throw new Error(`unexpected answer: ${value.slice(0, 200)}`);
        return parsed;
      }
    } finally {
      clearTimeout(timer);
    }
  };
  const request = <T>(line: string, parse: (line: Record<string, unknown>) => T | undefined): Promise<T> => {
    child.stdin.write(`${line}\n`);
    return next(parse);
  };
  const close = async () => {
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  };

  try {
    const opening = await next(asOpening);
    if ('unavailable' in opening) {
      await close();
      return opening;
    }
    return {
      ready: opening,
      setting,
      firstSeconds: (performance.now() - started) / 1000,
      go: (iterations) => request(`go ${iterations}`, (line) => asTimed(line, iterations)),
      gemm: () => request('gemm', asGemm),
      close,
    };
  } catch (error) {
    await close();
    return { unavailable: (error as Error).message };
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
