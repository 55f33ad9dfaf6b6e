// How the Runs view arranges its runs: grouped by experiment or not, newest first or by a metric.
import * as vscode from 'vscode';
import { contextIds } from '../ids';
import { betterOf, metricLabel, metricsOf } from './headline';
import type { Run } from './readRuns';
import type { Runs } from './runRegistry';

/** Newest first, or the column of a metric, best first. */
export type RunOrder = 'newest' | { readonly metric: string };

export interface Arrangement {
  readonly grouped: boolean;
  readonly order: RunOrder;
}

/** A node of the view: the runs of one experiment. */
export interface RunsOfExperiment {
  readonly experiment: string;
  readonly runs: readonly Run[];
}

export const isGroup = (node: object): node is RunsOfExperiment => 'experiment' in node && 'runs' in node;

/** The runs in their order, in groups if wanted; the groups are ordered by their first run. */
export function arrange(runs: readonly Run[], { grouped, order }: Arrangement): readonly (Run | RunsOfExperiment)[] {
  const ordered = order === 'newest' ? runs : byMetric(runs, order.metric);
  if (!grouped) return ordered;
  const groups = new Map<string, Run[]>();
  for (const run of ordered) groups.set(run.experimentName, [...(groups.get(run.experimentName) ?? []), run]);
  return [...groups].map(([experiment, inGroup]) => ({ experiment, runs: inGroup }));
}

/** The best first; runs without a value last, newest first. */
function byMetric(runs: readonly Run[], metric: string): Run[] {
  const sign = betterOf(metric) === 'higher' ? -1 : 1;
  const valueOf = (run: Run) => metricsOf(run)[metric] ?? Infinity * sign;
  return [...runs].sort((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    return x === y ? 0 : sign * (x - y);
  });
}

export interface RunsArrangement extends vscode.Disposable {
  readonly current: Arrangement;
  readonly onDidChange: vscode.Event<void>;
  group(grouped: boolean): Promise<void>;
  /** Lets the user select an order. */
  askOrder(): Promise<void>;
}

const key = 'runsArrangement';

/** Kept per workspace. */
export function createRunsArrangement(
  { workspaceState }: Pick<vscode.ExtensionContext, 'workspaceState'>,
  runs: Pick<Runs, 'all'>,
): RunsArrangement {
  const changed = new vscode.EventEmitter<void>();
  let current: Arrangement = { grouped: false, order: 'newest', ...workspaceState.get<Partial<Arrangement>>(key) };
  const setContext = () => vscode.commands.executeCommand('setContext', contextIds.runsGrouped, current.grouped);
  const set = async (change: Partial<Arrangement>) => {
    current = { ...current, ...change };
    changed.fire();
    await workspaceState.update(key, current);
    await setContext();
  };
  void setContext();
  return {
    get current() {
      return current;
    },
    onDidChange: changed.event,
    group: (grouped) => set({ grouped }),
    async askOrder() {
      const metrics = [...new Set(runs.all.flatMap((run) => Object.keys(metricsOf(run))))];
      const items = [
        { label: vscode.l10n.t('Newest first'), order: 'newest' as RunOrder },
        ...metrics
          .filter((metric) => metric === 'estimate' || betterOf(metric) !== undefined)
          .map((metric) => ({
            label: vscode.l10n.t('{0}, best first', metricLabel(metric, runs.all)),
            order: { metric },
          })),
      ];
      const chosen = await vscode.window.showQuickPick(items, {
        placeHolder: vscode.l10n.t('Sort runs by'),
      });
      if (chosen) await set({ order: chosen.order });
    },
    dispose: () => changed.dispose(),
  };
}
