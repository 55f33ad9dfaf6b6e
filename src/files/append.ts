// Files that text is appended to.
import fs from 'node:fs';
import { openOrdinary } from './ordinaryFile';
import { writeAll } from './readWrite';

/** Appends items; each is written before the call returns. */
export interface Appender<Item> {
  append(item: Item): void;
  close(): void;
}

/** Opens an ordinary file, which is created if it does not exist, to append text to it. */
export function openAppender(file: string): Appender<string> {
  const fd = openOrdinary(file, 'append');
  return {
    append: (text) => writeAll(fd, Buffer.from(text), null),
    close: () => fs.closeSync(fd),
  };
}
