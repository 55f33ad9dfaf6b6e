// The evaluation of a conformance run: no unnoticed failures, and no stale exclusions.
import { describe, expect, it } from 'vitest';
import { evaluateRun, type Outcome } from '../../conformance/evaluateRun';

const spec = (name: string, status: string): Outcome => ({ name, status, message: status === 'failed' ? 'why' : '' });
const outcomes = [spec('add', 'passed'), spec('text a', 'failed'), spec('text b', 'failed'), spec('fft', 'pending')];

describe('the evaluation of a conformance run', () => {
  it('counts passed, excluded and skipped specs', () => {
    const found = evaluateRun(outcomes, [{ specs: /^text /, reason: 'no text' }]);
    expect(found).toMatchObject({ passed: 1, pending: 1, failed: [], stale: [] });
    expect([...found.excluded]).toEqual([['no text', 2]]);
  });

  it('lists failures that are not excluded', () => {
    const found = evaluateRun(outcomes, [{ specs: /^text a$/, reason: 'no text' }]);
    expect(found.failed).toEqual([spec('text b', 'failed')]);
  });

  it('reports an exclusion that matches a passing spec as stale', () => {
    const found = evaluateRun([...outcomes, spec('text c', 'passed')], [{ specs: /^text /, reason: 'no text' }]);
    expect(found.stale).toEqual(['stale exclusion /^text /: "text c" passes']);
  });

  it('reports an exclusion that matches no failure as stale, unless only some specs ran', () => {
    const exclusions = [
      { specs: /^text /, reason: 'no text' },
      { specs: /^gone$/, reason: 'was fixed' },
    ];
    expect(evaluateRun(outcomes, exclusions).stale).toEqual(['stale exclusion /^gone$/: it matches no failing spec']);
    expect(evaluateRun(outcomes, exclusions, true).stale).toEqual([]);
  });
});
