// The chart and the table of RESULTS.md, from the JSON files of races.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { drawSvg } from '../src/study/drawFigure';
import { cases } from './cases';
import type { CaseReport, RunReport } from './report';

/** What `--json` writes. */
export interface RaceFile {
  readonly machine: { readonly cpu: string; readonly cores: number; readonly load: number };
  readonly node: string;
  /** Threads of all contenders; null if each chose the best number. */
  readonly threads: number | null;
  readonly cases: readonly CaseReport[];
}

const names: Readonly<Record<string, string>> = {
  'onnx-cpu': 'Earthmover',
  'pytorch-eager': 'PyTorch, eager',
  'pytorch-compile': 'PyTorch, torch.compile',
};

/** Draws `folder`/results.svg from the JSON files in `folder`/results, and prints the table. */
export async function drawChart(folder: string, print: (text: string) => void): Promise<void> {
  const results = path.join(folder, 'results');
  const races = readdirSync(results)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(results, name), 'utf8')) as RaceFile);
  const found = cases.flatMap(({ name }) => {
    const best = races.find(({ threads, cases }) => threads === null && cases.some((c) => c.name === name));
    const one = races.find(({ threads, cases }) => threads === 1 && cases.some((c) => c.name === name));
    const reportOf = (race: RaceFile | undefined) => race?.cases.find((c) => c.name === name);
    return best ? [{ name, best: reportOf(best)!, one: reportOf(one) }] : [];
  });
  writeFileSync(path.join(folder, 'results.svg'), `${await drawSvg(chart(found.map(({ best }) => best)))}\n`);
  const row = (cells: readonly string[]) => print(`| ${cells.join(' | ')} |`);
  row(['case', 'ours, ms', 'eager', 'compile', 'ratio to the better', 'one thread', 'peak MiB', 'first step, s']);
  row(['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:']);
  for (const { name, best, one } of found) {
    const all = Object.keys(names).map((contender) => best.runs.find((run) => run.contender === contender));
    const each = (text: (run: RunReport) => string) => all.map((run) => (run ? text(run) : '–'));
    row([
      name,
      ...each(({ msPerIteration }) => msPerIteration.toFixed(1)),
      ratioToBetter(best),
      one ? ratioToBetter(one) : '',
      each(({ peakRssMiB }) => peakRssMiB?.toFixed(0) ?? '–').join(', '),
      each(({ firstSeconds }) => firstSeconds.toFixed(1)).join(', '),
    ]);
  }
}

/** How many times as long the better of the others takes; the ratio of the fastest iterations in parentheses. */
function ratioToBetter({ runs }: CaseReport): string {
  const others = runs.filter(({ contender, ratio }) => contender.startsWith('pytorch') && ratio !== null);
  if (others.length === 0) return '';
  const [better] = [...others].sort((a, b) => a.ratio! - b.ratio!);
  return `${better.ratio!.toFixed(2)} (${better.ratioOfMinima!.toFixed(2)})`;
}

/** Time per iteration relative to ours; each bar has its milliseconds beside it. */
function chart(reports: readonly CaseReport[]): TopLevelSpec {
  const values = reports.flatMap(({ name, runs }) =>
    runs.flatMap(({ contender, ratio, msPerIteration }) =>
      contender in names
        ? [{ case: name, contender: names[contender], relative: ratio ?? 1, ms: `${msPerIteration.toFixed(0)} ms` }]
        : [],
    ),
  );
  const order = Object.values(names);
  const y = { field: 'contender', type: 'nominal', sort: order, title: null, axis: null } as const;
  const x = { field: 'relative', type: 'quantitative', title: 'time of an iteration, relative to Earthmover' } as const;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    config: { font: 'DejaVu Sans, sans-serif', view: { stroke: null } },
    data: { values },
    facet: {
      row: {
        field: 'case',
        type: 'nominal',
        sort: reports.map(({ name }) => name),
        title: null,
        header: { labelAngle: 0, labelAlign: 'left', labelFontSize: 12 },
      },
    },
    spacing: 8,
    spec: {
      width: 420,
      height: { step: 16 },
      layer: [
        {
          mark: 'bar',
          encoding: {
            y,
            x,
            color: {
              field: 'contender',
              type: 'nominal',
              sort: order,
              scale: { domain: order, range: ['#2563eb', '#d97706', '#9ca3af'] },
              legend: { title: null, orient: 'top' },
            },
          },
        },
        { mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 }, encoding: { y, x, text: { field: 'ms' } } },
      ],
    },
  };
}
