// The state that the monitor's page receives: settings, estimate and rows.
import { describe, expect, it } from 'vitest';
import { flattened } from '../../shared/flatSettings';
import { monitorHead, monitorRows, settingsOf, thinnedRows } from './monitorState';

describe('the state', () => {
  it('thins a curve to rows with the last value of each column, and leaves a short one as it is', () => {
    const rows = {
      step: Float64Array.of(1, 2, 3, 4, 5),
      wallTime: Float64Array.of(11, 12, 13, 14, 15),
      values: { estimate: Float32Array.of(1, 2, 3, 4, 5), w1: Float32Array.of(NaN, NaN, 7, NaN, NaN) },
    };
    expect(thinnedRows(rows, 2)).toEqual({
      step: Float64Array.of(2, 5),
      wallTime: Float64Array.of(12, 15),
      values: { estimate: Float32Array.of(2, 5), w1: Float32Array.of(NaN, 7) },
    });
    expect(thinnedRows(rows, 9)).toEqual(rows);
  });

  it('flattens settings', () => {
    const experiment = {
      name: 'x',
      critic: { width: 128 },
      samples: { grid: [8, 8] },
      constraint: [{ kind: 'clip', c: 0.01 }],
      metrics: [],
      ema: null,
      on: true,
    };
    expect(flattened(experiment)).toEqual([
      ['name', 'x'],
      ['critic.width', '128'],
      ['samples.grid', '8, 8'],
      ['constraint.0.kind', 'clip'],
      ['constraint.0.c', '0.01'],
      ['metrics', 'none'],
      ['ema', 'none'],
      ['on', 'true'],
    ]);
  });

  it("takes the estimate's label from the catalog, and accepts an objective of another version", () => {
    expect(monitorHead({ name: 'n', seed: 3, objective: { kind: 'non-saturating' } }, '', 'f')).toMatchObject({
      name: 'n',
      seed: 3,
      estimate: { label: 'JS', theory: { label: 'log 2', value: Math.LN2 } },
    });
    expect(monitorHead({ objective: { kind: 'wgan' } }, '', 'f')).toMatchObject({
      name: 'f',
      seed: null,
      estimate: { theory: null },
    });
    for (const objective of [{ kind: 'toString' }, null, 3]) {
      expect(monitorHead({ objective }, '', 'f').estimate).toMatchObject({ label: 'estimate', theory: null });
    }
  });

  it('contains the value of each setting as written in the file', () => {
    const text = `{ // a comment
      "objective": "wgan", "constraint": { "kind": "gradient-penalty", "lambda": 10 },
      "optimizer": { "kind": "adam", "beta1": 0 }, "steps": 100, }`;
    const experiment = {
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'gradient-penalty', lambda: 0.1, mode: 'two-sided' }],
      optimizer: { generator: { kind: 'adam', beta1: 0, beta2: 0.9 } },
      steps: 500,
      seed: 1,
    };
    const listed = settingsOf(experiment, text).map(({ key, value, written }) => [key, value, written]);
    expect(listed).toEqual([
      ['objective.kind', 'wgan', 'wgan'],
      ['constraint.0.kind', 'gradient-penalty', 'gradient-penalty'],
      ['constraint.0.lambda', '0.1', '10'],
      ['constraint.0.mode', 'two-sided', null],
      ['optimizer.generator.kind', 'adam', 'adam'],
      ['optimizer.generator.beta1', '0', '0'],
      ['optimizer.generator.beta2', '0.9', null],
      ['steps', '500', '100'],
      ['seed', '1', null],
    ]);
    for (const broken of ['', '{', 'null', '[1]', '"x"'])
      expect(settingsOf({ seed: 1 }, broken)).toEqual([{ key: 'seed', value: '1', written: null }]);
  });

  it('has rows in the format of the page', () => {
    const wallTime = Float64Array.of(1.5, 2.5);
    const estimate = Float32Array.of(1, NaN);
    const rows = monitorRows({
      count: 2,
      damaged: 0,
      step: Uint32Array.of(1, 4_000_000_000),
      wallTime,
      columns: { estimate },
    });
    expect(rows).toEqual({ step: Float64Array.of(1, 4e9), wallTime, values: { estimate } });
  });
});
