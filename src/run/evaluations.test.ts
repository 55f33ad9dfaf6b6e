import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { protocolDifferences, type Protocol } from '../protocol/metricProtocol';
import { appendEvaluation, readEvaluations } from './evaluations';

const protocol: Protocol = {
  ...{ generated: 100, real: 50, split: 'held-out', data: 'digits 0123', shape: [8, 8, 1], seed: 0, version: '1.0.0' },
  features: { sha256: 'aa', layer: 'pool', dimensions: 6, input: 'not resized, 8 x 8, -1..1' },
};
const evaluation = (fid: number) => ({
  ...{ step: 7, wallTime: 1 },
  results: [{ metric: 'fid', values: { fid }, protocol }],
});

function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evaluations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('protocolDifferences', () => {
  it.each<[Partial<Protocol>, string]>([
    [{ generated: 99 }, 'generated samples: 100 and 99'],
    [{ real: 51 }, 'real samples: 50 and 51'],
    [{ split: 'training' }, 'split: held-out and training'],
    [{ data: 'digits 4567' }, 'data: digits 0123 and digits 4567'],
    [{ shape: [8, 8, 3] }, 'shape of the samples: [8,8,1] and [8,8,3]'],
    [{ version: '2.0.0' }, 'version of Earthmover: 1.0.0 and 2.0.0'],
    [{ features: { ...protocol.features!, sha256: 'bb' } }, 'feature file: aa and bb'],
    [{ features: { ...protocol.features!, layer: 'logits' } }, 'layer: pool and logits'],
    [{ features: { ...protocol.features!, input: 'other' } }, 'input: not resized, 8 x 8, -1..1 and other'],
    [{ classifier: 'perceptron' }, 'classifier: none and perceptron'],
  ])('names %j', (change, difference) => {
    expect(protocolDifferences(protocol, { ...protocol, ...change })).toEqual([difference]);
  });
  it('allows other seeds, which draw other samples by the same protocol', () => {
    expect(protocolDifferences(protocol, { ...protocol, seed: 1 })).toEqual([]);
  });
});

describe('evaluations.jsonl', () => {
  it('is read as it was written, with numbers that are not finite as NaN', () => {
    const run = scratch();
    expect(readEvaluations(run)).toEqual([]);
    appendEvaluation(run, evaluation(1.5));
    appendEvaluation(run, evaluation(NaN));
    expect(readEvaluations(run)).toEqual([evaluation(1.5), evaluation(NaN)]);
  });
  it('keeps a new line apart from one that was cut off, and reads past damage', () => {
    const run = scratch();
    const file = path.join(run, 'evaluations.jsonl');
    writeFileSync(file, '[]\nnull\n{"step": 1, "results": [null, {"metric": 3}]}\n');
    appendFileSync(file, '{"step": 7, "wall');
    appendEvaluation(run, evaluation(2));
    expect(readEvaluations(run)).toEqual([{ step: 1, wallTime: NaN, results: [] }, evaluation(2)]);
    expect(readFileSync(file, 'utf8')).toContain('"wall\n{');
  });
  it('is never written through a link', () => {
    const [run, elsewhere] = [scratch(), scratch()];
    symlinkSync(path.join(elsewhere, 'file'), path.join(run, 'evaluations.jsonl'));
    expect(() => appendEvaluation(run, evaluation(1))).toThrow(/evaluations\.jsonl/);
    expect(() => readFileSync(path.join(elsewhere, 'file'))).toThrow();
  });
});
