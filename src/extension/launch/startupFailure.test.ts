// The problems that a trainer prints before its run starts are parsed from its log.
import { describe, expect, it, vi } from 'vitest';
import { formatProblem, type Problem } from '../../experiment/problem';
import { lastLogLine } from './exitReason';
import { parseProblems } from './startupFailure';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const problem = (change: Partial<Problem>): Problem => ({
  ...{ file: '/a/b.gan.json', line: 4, column: 17, endLine: 4, endColumn: 18, offset: 0, length: 1 },
  ...{ severity: 'error', code: 'wrong-value', message: 'steps is 0; it must be a whole number from 1.' },
  ...change,
});

describe('problems parsed from a log', () => {
  it.each([
    problem({}),
    problem({ file: 'C:\\x: y\\m.ts', line: 120, severity: 'warning' }),
    problem({ message: 'tab\tand [brackets] and a: colon:1:2: error: x [y]', code: 'model-call' }),
    problem({ file: '/ü/日本.gan.json', message: '\u202egniht' }),
  ])('equal the ones that were printed: %j', (given) => {
    const { file, line, column, severity, message, code } = given;
    expect(parseProblems(`noise\n${formatProblem(given)}\r\nmore`)).toEqual([
      { file, line, column, severity, message, code },
    ]);
  });

  it('have a message on one line', () => {
    expect(formatProblem(problem({ message: 'one:\n  1. a\r\n2. b' }))).toContain(': error: one: 1. a 2. b [');
  });

  it('are reported once and in order, and other lines are skipped', () => {
    const [a, b] = [problem({}), problem({ line: 1 })];
    const text = [formatProblem(a), formatProblem(b), formatProblem(a), 'Error: x', '    at f (/a/b.js:1:2)', ''].join(
      '\n',
    );
    expect(parseProblems(text).map(({ line }) => line)).toEqual([4, 1]);
  });
});

describe('the last relevant line of a log', () => {
  it.each([
    ['', 'no output'],
    ['error  Cannot find module sharp\n', 'Cannot find module sharp'],
    ['a\nError: boom\n    at x (/y.js:1:1)\nThis is a bug in Earthmover. Please report\n', 'Error: boom'],
    ['x'.repeat(1000), 'x'.repeat(400)],
  ])('is found in %.20j', (text, expected) => expect(lastLogLine(text)).toBe(expected));
});
