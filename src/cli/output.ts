// Writes text and JSON lines to stdout and stderr: in order, at the pace of the reader, styled on a terminal.
import { writeSync } from 'node:fs';
import { clean, cleanJson, cleanLines } from '../shared/text';
import type { TrainerEvent } from '../trainer/trainerEvents';

export interface Output {
  /** Whether the stream is a terminal, on which lines can be redrawn. */
  readonly terminal: boolean;
  /** Current width of the terminal in cells; 80 if there is none. */
  columns(): number;
  readonly style: Style;
  /**
   * Writes the text and a line end. Control characters other than line breaks and the codes of `style` are shown as
   * escapes, whatever the caller has forgotten. Does nothing after the stream was lost.
   */
  line(text?: string): void;
  /** Current height of the terminal in lines; 24 if there is none. */
  rows(): number;
  /** Replaces the lines of the last call on a terminal; those that are wider than it are cut. */
  screen(lines: readonly string[]): void;
  /** Replaces the current line of a terminal; without text, erases it. */
  redraw(text?: string): void;
}

/**
 * @param onLost called once when nothing more can be written: EPIPE if the reader closed the pipe, EIO if the terminal
 * was   closed, ENOSPC if the disk is full
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
  // Taken now: with --json, what others write to the stream is diverted.
  const writeToStream = stream.write.bind(stream);
  const terminal = stream.isTTY === true;
  const write = (text: string) => {
    if (lost) return;
    // A terminal needs the stream, which handles Unicode on Windows. Everything else is written synchronously, so that
    // a slow reader slows down the trainer instead of filling the memory.
    if (terminal) writeToStream(text);
    else writeFully(stream.fd, Buffer.from(text), lose);
  };
  const styled = terminal && stream.hasColors();
  let screenLines = 0;
  return {
    terminal,
    columns: () => (terminal && stream.columns > 0 ? stream.columns : 80),
    rows: () => (terminal && stream.rows > 0 ? stream.rows : 24),
    style: createStyle(styled),
    screen(lines) {
      // After a character in the last column, some terminals erase it with the rest of the line.
      const width = (terminal && stream.columns > 0 ? stream.columns : 80) - 1;
      const up = screenLines > 0 ? `\x1b[${screenLines}A` : '';
      const text = lines.map((line) => `${cut(printable(line, styled), width)}\x1b[K\n`).join('');
      write(`${up}\r${text}\x1b[J`);
      screenLines = lines.length;
    },
    line: (text = '') => write(`${printable(text, styled)}\n`),
    redraw: (text = '') => write(`\r${clean(text)}\x1b[K`),
  };
}

/** The first `width` characters of a line, not counting the codes of `Style`; all codes stay. */
function cut(line: string, width: number): string {
  let left = width;
  return line
    .split(styleCode)
    .map((part, i) => {
      if (i % 2 === 1) return part;
      const kept = [...part].slice(0, left).join('');
      left -= [...kept].length;
      return kept;
    })
    .join('');
}

/** The text with control characters shown as escapes, except for line breaks and, if `styled`, the codes of `Style`. */
export function printable(text: string, styled: boolean): string {
  if (!styled) return cleanLines(text);
  return text
    .split(styleCode)
    .map((part, i) => (i % 2 === 0 ? cleanLines(part) : part))
    .join('');
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
      // The pipe is non-blocking and full: wait for its reader.
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

const styleCode = new RegExp(`(\\x1b\\[(?:${[...new Set(Object.values(codes).flat())].join('|')})m)`);

export type Style = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/** Terminal styles; with `enabled` false they return the text unchanged. */
export function createStyle(enabled: boolean): Style {
  const entries = Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => (enabled ? `\x1b[${on}m${text}\x1b[${off}m` : text),
  ]);
  return Object.fromEntries(entries) as Style;
}

/** Whether the terminal shows block characters: not with a locale or an old console that is not UTF-8. */
export function supportsUnicode(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): boolean {
  if (platform === 'win32') return Boolean(env.WT_SESSION ?? env.TERM_PROGRAM ?? env.TERM);
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  return /^$|utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/**
 * A value as JSON that is safe to show. Numbers that are not finite become the strings "NaN", "Infinity" and
 * "-Infinity".
 */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
  );
  return cleanJson(json);
}

/** A trainer event as a line of JSON without a line end; the values of a step are at the top level. */
export function eventLine(event: TrainerEvent): string {
  if (event.event !== 'step') return toJson(event);
  const { values, ...rest } = event;
  return toJson({ ...rest, ...values });
}
