// Sends the runs to the page of the runs table: all of them, then those that change.
import type { ToRunsTable } from '../../../protocol/runsTable';
import type { Run } from '../readRuns';
import { createTableReader } from './tableRuns';

export interface TableFeed {
  /** Sends what changed since the last call: everything if a run was added or removed, or other settings differ. */
  update(runs: readonly Run[], baseline: string | null): void;
}

export function createTableFeed(post: (message: ToRunsTable) => void): TableFeed {
  const read = createTableReader();
  let sent = new Map<string, object>();
  let shape = '';
  return {
    update(runs, baseline) {
      const { rows, keys } = read(runs);
      const now = JSON.stringify([rows.map(({ id }) => id), keys, baseline]);
      const changed = rows.filter((row) => sent.get(row.id) !== row);
      sent = new Map(rows.map((row) => [row.id, row]));
      if (now !== shape) {
        shape = now;
        post({ type: 'runsTable', runs: rows, baseline });
      } else if (changed.length > 0) post({ type: 'tableRuns', runs: changed });
    },
  };
}
