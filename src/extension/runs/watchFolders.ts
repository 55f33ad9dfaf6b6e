// Being told when something comes to be in a folder, without looking again and again: a terminal begins runs, and goes on with them.
import { existsSync, type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** Something to watch: a folder, and the one name in it that matters; all do where none is given. */
export interface Watched {
  readonly folder: string;
  readonly name?: string;
}

export interface FolderWatch {
  /** Watches these from now on, and no others. A folder that cannot be watched, as on some network disks, is left alone. */
  set(watched: readonly Watched[]): void;
  dispose(): void;
}

/**
 * Calls `onChange` when an entry of a watched folder came, went or was replaced, not when something deeper did. The
 * editor's own watcher is recursive, and on Linux misses what is made in a folder that was made a moment before.
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
      // The folder went away, which its parent's watcher tells.
      watcher.on('error', () => close(key));
    } catch {
      // It is gone since, or its disk has no such events: focus and the view still look.
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

/** What to watch to see `folder` come to be, or what comes to be in it: itself, or the nearest of two folders above it. */
export function nearestExisting(folder: string): Watched[] {
  const above = [folder, path.dirname(folder), path.dirname(path.dirname(folder))];
  const found = above.findIndex((each) => existsSync(each));
  if (found === -1) return [];
  return [{ folder: above[found], name: found === 0 ? undefined : path.basename(above[found - 1]) }];
}
