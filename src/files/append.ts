// Files that text is appended to.
import fs from 'node:fs';
import { writeAll } from './readWrite';

/** Appends items; each is written before the call returns. */
export interface Appender<Item> {
  append(item: Item): void;
  close(): void;
}

/** Opens a file, which is created if it does not exist, to append text to it. */
export function openAppender(file: string): Appender<string> {
  const fd = fs.openSync(file, 'a');
  return {
    append: (text) => writeAll(fd, Buffer.from(text), null),
    close: () => fs.closeSync(fd),
  };
}
