import type { TableRun } from '../../src/protocol/runsTable';

export function tableRuns(count: number): TableRun[];
