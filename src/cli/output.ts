// Writes text and JSON lines to stdout and stderr: in order, at the pace of the reader, styled on a terminal.
import { writeSync } from 'node:fs';
import type { TrainerEvent } from '../trainer/trainerEvents';

export interface Output {
  /** Someone is looking: lines can be redrawn. */
  readonly terminal: boolean;
  /** Width of the terminal now, in cells; 80 where there is none. */
  columns(): number;
  readonly style: Style;
  /** Writes the text and a line end. Does nothing once the reader is gone. */
  line(text?: string): void;
  write(text: string): void;
}

/**
 * `onLost` is told, once, that nothing more can be written: EPIPE where the reader closed the pipe, EIO where the
 * terminal went away, ENOSPC on a full disk.
 */
export function createOutput(
  stream: NodeJS.WriteStream & { fd: number },
  onLost: (error: NodeJS.ErrnoException) => void,
): Output {
  let lost = false;
  const lose = (error: NodeJS.ErrnoException) => {
    if (lost) return;
    lost = true;
    onLost(error);
  };
  stream.on('error', lose);
  const terminal = stream.isTTY === true;
  const write = (text: string) => {
    if (lost) return;
    // A terminal is written through the stream, which on Windows speaks Unicode to it. Everything else is written at
    // once: what is not read yet holds the trainer back instead of filling the memory.
    if (terminal) stream.write(text);
    else writeFully(stream.fd, Buffer.from(text), lose);
  };
  return {
    terminal,
    columns: () => (terminal && stream.columns > 0 ? stream.columns : 80),
    style: createStyle(terminal && stream.hasColors()),
    write,
    line: (text = '') => write(`${text}\n`),
  };
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeFully(fd: number, data: Buffer, lose: (error: NodeJS.ErrnoException) => void): void {
  let offset = 0;
  while (offset < data.length) {
    try {
      offset += writeSync(fd, data, offset);
    } catch (thrown) {
      const error = thrown as NodeJS.ErrnoException;
      if (error.code !== 'EAGAIN') return lose(error);
      // A full pipe that somebody set to non-blocking: wait for its reader.
      Atomics.wait(pause, 0, 0, 2);
    }
  }
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/** With `enabled` false every style returns its text as it is. */
export function createStyle(enabled: boolean): Style {
  const entries = Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => (enabled ? `\x1b[${on}m${text}\x1b[${off}m` : text),
  ]);
  return Object.fromEntries(entries) as Style;
}

/** Whether block characters will be seen as such: not in a locale or an old console that is not UTF-8. */
export function supportsUnicode(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): boolean {
  if (platform === 'win32') return Boolean(env.WT_SESSION ?? env.TERM_PROGRAM ?? env.TERM);
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  return /^$|utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/** JSON has no word for them, so a number that is not finite is the string "NaN", "Infinity" or "-Infinity". */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
  );
}

/** The line of an event, without its line end. */
export function eventLine(event: TrainerEvent): string {
  if (event.event !== 'step') return toJson(event);
  const { values, ...rest } = event;
  return toJson({ ...rest, ...values });
}
