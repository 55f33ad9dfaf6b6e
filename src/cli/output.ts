// Writing to stdout and stderr: in order, at the reader's pace, and without a fuss when the reader is gone.
import { writeSync } from 'node:fs';
import { createStyle, type Style } from './style';

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
