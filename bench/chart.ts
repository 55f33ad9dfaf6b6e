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
  /** What the milliseconds are: wall-clock time, or time of the processor, of which the minima count. */
  readonly clock: 'wall' | 'cpu';
  readonly cases: readonly CaseReport[];
}

const names: Readonly<Record<string, string>> = {
  'onnx-cpu': 'Earthmover',
  'pytorch-eager': 'PyTorch, eager',
  'pytorch-compile': 'PyTorch, torch.compile',
};

/**
 * Draws `folder`/results.svg from the JSON files in `folder`/results, and prints the table of these and that of
 * `folder`/results/one-thread.
 */
export async function drawChart(folder: string, print: (text: string) => void): Promise<void> {
  const results = path.join(folder, 'results');
  const found = timesIn(results);
  writeFileSync(path.join(folder, 'results.svg'), `${await drawSvg(chart(found))}\n`);
  printTable(found, print);
  print('');
  printTable(timesIn(path.join(results, 'one-thread')), print);
}

/** The results in a folder, in the order of the cases. */
function timesIn(results: string): readonly Times[] {
  const races = readdirSync(results)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(path.join(results, name), 'utf8')) as RaceFile);
  return cases.flatMap(({ name }) =>
    races.flatMap(({ clock, cases }) => cases.filter((c) => c.name === name).map((report) => times(report, clock))),
  );
}

function printTable(found: readonly Times[], print: (text: string) => void): void {
  const row = (cells: readonly string[]) => print(`| ${cells.join(' | ')} |`);
  row(['case', ...Object.values(names).map((name) => `${name}, ms`), 'ratio to the better', 'peak MiB']);
  row(['---', '---:', '---:', '---:', '---:', '---:']);
  for (const { name, runs } of found) {
    const all = Object.keys(names).map((contender) => runs.find((run) => run.contender === contender));
    const others = runs.slice(1).map(({ relative }) => relative);
    row([
      name,
      ...all.map((run) => run?.ms.toFixed(1) ?? '–'),
      others.length === 0 ? '–' : Math.min(...others).toFixed(2),
      all.map((run) => run?.peakRssMiB?.toFixed(0) ?? '–').join(', '),
    ]);
  }
}

interface Times {
  readonly name: string;
  readonly runs: readonly (Pick<RunReport, 'contender' | 'peakRssMiB'> & {
    readonly ms: number;
    /** Relative to ours. */
    readonly relative: number;
  })[];
}

/** Medians; minima of processor times, since other processes only add to these. Ours is the first. */
function times({ name, runs }: CaseReport, clock: RaceFile['clock']): Times {
  const timesOf = (run: RunReport) =>
    clock === 'cpu'
      ? { ms: run.minimum, relative: run.ratioOfMinima ?? 1 }
      : { ms: run.msPerIteration, relative: run.ratio ?? 1 };
  const shown = runs.filter(({ contender }) => contender in names);
  return {
    name,
    runs: shown.map((run) => ({ contender: run.contender, peakRssMiB: run.peakRssMiB, ...timesOf(run) })),
  };
}

/** Time per iteration relative to ours; each bar has its number and its milliseconds beside it. */
function chart(reports: readonly Times[]): TopLevelSpec {
  const values = reports.flatMap(({ name, runs }) =>
    runs.map(({ contender, relative, ms }) => ({
      ...{ case: name, contender: names[contender], relative },
      label: `${relative.toFixed(2)} (${ms.toFixed(0)} ms)`,
    })),
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
              legend: { title: null, orient: 'top', labelLimit: 0 },
            },
          },
        },
        { mark: { type: 'text', align: 'left', dx: 4, fontSize: 10 }, encoding: { y, x, text: { field: 'label' } } },
      ],
    },
  };
}
