// What happened in a run, one line each: notices.jsonl for programs, log.txt for people.
import type { Appender } from '../files/append';
import { clean } from '../shared/text';
import { runPaths } from './directory';
import { openAppender } from './diskAccess';
import { keepLines } from './keepLines';

/** A line of notices.jsonl. `wallTime` is in Unix seconds. */
export interface Notice {
  readonly step: number;
  readonly wallTime: number;
  readonly level: 'info' | 'warning' | 'error';
  /** A short id of the kind of event, such as 'checkpoint' or 'nan'. */
  readonly kind: string;
  readonly message: string;
}

/** Opens notices.jsonl to append to it. */
export function openNotices(directory: string): Appender<Notice> {
  const lines = openAppender(runPaths(directory).notices);
  return { append: (notice) => lines.append(lineOf(notice)), close: lines.close };
}

/**
 * Opens log.txt to append lines to it, each with the time. What a line quotes stays in it: line breaks and control
 * characters are shown as escapes.
 */
export function openLog(directory: string): Appender<string> {
  const lines = openAppender(runPaths(directory).log);
  return { append: (line) => lines.append(`${new Date().toISOString()} ${clean(line)}\n`), close: lines.close };
}

/** Removes torn lines and the notices of steps after `step`: a resume from there writes them again. */
export function rewindNotices(directory: string, step: number): void {
  keepLines(runPaths(directory).notices, (line) =>
    parseNotice(line.toString('utf8')).some((notice) => notice.step <= step),
  );
}

const lineOf = (notice: Notice): string => `${JSON.stringify(notice)}\n`;

/** The notice in a line; none if it is invalid. */
export function parseNotice(line: string): Notice[] {
  try {
    const notice = JSON.parse(line) as Notice | null;
    return typeof notice?.message === 'string' && Number.isFinite(notice.step) ? [notice] : [];
  } catch {
    return [];
  }
}
