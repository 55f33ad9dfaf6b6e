// Watches folders for new files, so that runs started or resumed in a terminal are noticed without polling.
import { type FSWatcher, watch } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';

/** A folder to watch, and the name of an entry in it; without a name, all entries. */
interface Watched {
  readonly folder: string;
  readonly name?: string;
}

interface FolderWatch {
  /** Watches exactly these from now on. Folders that cannot be watched, as on some network disks, are skipped. */
  set(watched: readonly Watched[]): void;
  dispose(): void;
}

/**
 * Calls `onChange` when an entry of a watched folder is created, removed or replaced; not recursive. VS Code's own
 * watcher is recursive, and on Linux misses files in a folder that was created a moment before.
 */
export function watchFolders(onChange: () => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  const close = (key: string) => {
    watchers.get(key)?.close();
    watchers.delete(key);
  };
  const open = (key: string, { folder, name }: Watched) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, changed) => {
        if (name === undefined || changed === null || changed === name) onChange();
      });
      watchers.set(key, watcher);
      // The folder was removed, which the watcher of its parent reports.
      watcher.on('error', () => close(key));
    } catch {
      // Removed in the meantime, or its disk has no events: window focus and the Runs view still refresh.
    }
  };
  return {
    set(watched) {
      const wanted = new Map(watched.map((each) => [`${each.folder}\0${each.name ?? ''}`, each]));
      [...watchers.keys()].filter((key) => !wanted.has(key)).forEach(close);
      wanted.forEach((each, key) => watchers.has(key) || open(key, each));
    },
    dispose: () => [...watchers.keys()].forEach(close),
  };
}

/**
 * What to watch for changes in `folder`, or for its creation: the folder itself, or the nearest existing of two
 * parents.
 */
export async function nearestExisting(folder: string): Promise<Watched[]> {
  const above = [folder, path.dirname(folder), path.dirname(path.dirname(folder))];
  for (const [i, each] of above.entries()) {
    const exists = await access(each).then(
      () => true,
      () => false,
    );
    if (exists) return [{ folder: each, name: i === 0 ? undefined : path.basename(above[i - 1]) }];
  }
  return [];
}
