// How far a transfer is: a line that is redrawn on a terminal, a line now and then in a log, or JSON.
import { toJson } from './jsonLines';
import { type Output } from './output';
import { bytes } from './text';

export interface TransferLine {
  progress(this: void, done: number, total: number): void;
  /** Leaves a last line with what came of it; without `text` only takes the line away. */
  end(text?: string): void;
}

/** How often, in milliseconds, a terminal line is redrawn, and how often a log gets a line. */
const every = { terminal: 100, log: 5000 } as const;

/** @param json what every object says besides the file and the bytes; undefined for text */
export function createTransferLine(
  out: Output,
  name: string,
  json?: Readonly<Record<string, string>>,
  now = () => performance.now(),
): TransferLine {
  let told = json ? -Infinity : now();
  let drawn = false;
  return {
    progress(done, total) {
      const redraws = out.terminal && !json;
      if (now() - told < (redraws ? every.terminal : every.log) && done < total) return;
      told = now();
      const share = `${Math.floor((100 * done) / total)} %`;
      if (json) out.line(toJson({ event: 'download', ...json, file: name, done, total }));
      else if (redraws) out.write(`\r${`  ${name}  ${share} of ${bytes(total)}`.slice(0, out.columns() - 1)}\x1b[K`);
      else if (done < total) out.line(`  ${name}  ${share} of ${bytes(total)}`);
      drawn = redraws;
    },
    end(text) {
      if (drawn) out.write('\r\x1b[K');
      if (text && !json) out.line(`  ${name}  ${text}`);
    },
  };
}
