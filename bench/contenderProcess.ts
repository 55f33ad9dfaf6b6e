// A contender as a running child process: started, asked in turn, ended.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type BenchCase } from './cases';
import { type Contender, type Setting } from './contenders';
import { asGemm, asOpening, asTimed, parseLine, type Cannot, type Gemm, type Ready, type Timed } from './protocol';

export interface Running {
  readonly ready: Ready;
  readonly setting: Setting;
  /** From the start of the process to the end of its first iteration. */
  readonly firstSeconds: number;
  go(iterations: number): Promise<Timed>;
  gemm(): Promise<Gemm>;
  close(): Promise<void>;
}

/** Starts a contender on a case. What keeps it from running, in its own words or ours, comes back as `cannot`. */
export async function start(
  contender: Contender,
  of: BenchCase,
  setting: Setting = contender.settings[0],
  patienceMs = 300_000,
): Promise<Running | Cannot> {
  if (contender.absent) return { cannot: contender.absent };
  const child = spawn(contender.command, [...contender.args, JSON.stringify(of)], {
    env: { ...process.env, ...setting.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const started = performance.now();
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2000)));
  child.stdin.on('error', () => {}); // A child that has died is noticed by its end.
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

  /** The next line that `parse` understands. */
  const next = async <T>(parse: (line: Record<string, unknown>) => T | undefined): Promise<T> => {
    const impatient = setTimeout(() => {
      failure = new Error(`no answer within ${patienceMs / 1000} s`);
      child.kill('SIGKILL');
    }, patienceMs);
    try {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) {
          await ended;
          throw failure ?? new Error(`it ended before it answered${complaints ? `: ${lastLine(complaints)}` : ''}`);
        }
        const line = parseLine(value);
        if (!line) continue;
        const parsed = parse(line);
        if (parsed === undefined) throw new Error(`an answer is not what was asked for: ${value.slice(0, 200)}`);
        return parsed;
      }
    } finally {
      clearTimeout(impatient);
    }
  };
  const ask = <T>(question: string, parse: (line: Record<string, unknown>) => T | undefined): Promise<T> => {
    child.stdin.write(`${question}\n`);
    return next(parse);
  };
  const close = async () => {
    child.stdin.end();
    const impatient = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(impatient);
  };

  try {
    const opening = await next(asOpening);
    if ('cannot' in opening) {
      await close();
      return opening;
    }
    return {
      ready: opening,
      setting,
      firstSeconds: (performance.now() - started) / 1000,
      go: (iterations) => ask(`go ${iterations}`, (line) => asTimed(line, iterations)),
      gemm: () => ask('gemm', asGemm),
      close,
    };
  } catch (error) {
    await close();
    return { cannot: (error as Error).message };
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
