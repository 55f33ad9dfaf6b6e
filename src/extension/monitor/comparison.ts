// Feeds a comparison: which runs there are, then of each what its own monitor would be told.
import path from 'node:path';
import type { ToPage } from '../../protocol/monitor';
import { type Feed, feedMonitor, type FeedOptions } from './feed';

export interface ComparisonOptions extends Pick<FeedOptions, 'pictureUri' | 'everyMs'> {
  readonly directories: readonly string[];
  readonly starting?: (directory: string) => unknown;
  readonly post: (message: ToPage) => void;
}

/** Curves that are compared are looked at less often than one that is watched. */
const calm = { curve: 1000, rest: 1000 };

export function feedComparison({ directories, starting, post, pictureUri, everyMs = calm }: ComparisonOptions): Feed {
  post({ type: 'comparison', runs: directories.map((id) => ({ id, name: path.basename(id) })) });
  const feeds = directories.map((directory) =>
    feedMonitor({
      directory,
      starting: () => starting?.(directory),
      pictureUri,
      histograms: false,
      everyMs,
      post: (message) => post({ type: 'of', id: directory, message }),
    }),
  );
  return {
    stopped: Promise.all(feeds.map(({ stopped }) => stopped)).then(() => {}),
    stop: () => feeds.forEach((feed) => feed.stop()),
  };
}
