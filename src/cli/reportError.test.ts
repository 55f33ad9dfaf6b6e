import { expect, it } from 'vitest';
import { UserError } from '../shared/userError';
import { type Context } from './command';
import { createStyle, type Output } from './output';
import { reportError } from './reportError';

function reported(error: unknown, json = true) {
  const lines = { out: [] as string[], err: [] as string[] };
  const output = (to: string[]): Output => ({
    terminal: false,
    rows: () => 24,
    screen: () => {},
    columns: () => 80,
    style: createStyle(false),
    redraw: () => {},
    line: (text = '') => to.push(text),
  });
  const context: Context = { out: output(lines.out), err: output(lines.err), lost: new Promise(() => {}) };
  return { code: reportError(context, json, error), ...lines };
}

const parsed = ({ out }: { out: string[] }) => JSON.parse(out.at(-1)!) as object;

it('prints a user error as its message, and as JSON', () => {
  const result = reported(new UserError('locked', 'Wait.'));
  expect(result).toMatchObject({ code: 2, err: ['error  Wait.'] });
  expect(parsed(result)).toEqual({ event: 'error', code: 'locked', message: 'Wait.' });
  expect(reported(new UserError('locked', 'Wait.'), false).out).toEqual([]);
});

it.each([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'your disk quota is used up'],
  ['EROFS', 'the file system is read-only'],
  ['EACCES', 'permission denied'],
  ['ENAMETOOLONG', 'the path is too long'],
  ['ENOTDIR', 'part of the path is a file, not a folder'],
  ['ELOOP', 'it is a link, or leads through too many of them'],
  ['EBUSY', 'another program is using it'],
])('names %s as what it is, wherever it comes from, and not as a bug', (code, reason) => {
  const error = Object.assign(new Error(`${code}: x, open '/a'`), { code, path: '/a' });
  expect(reported(error)).toMatchObject({ code: 2, err: [`error  Cannot use /a: ${reason}.`] });
});

it('says that the current folder was deleted', () => {
  const error = Object.assign(new Error('ENOENT: uv_cwd'), { code: 'ENOENT', syscall: 'uv_cwd' });
  expect(reported(error)).toMatchObject({ code: 2, err: [expect.stringContaining('The current folder was deleted.')] });
});

it('prints any other error as a bug, with its stack', () => {
  const result = reported(new TypeError('x is undefined'));
  expect(result.code).toBe(3);
  expect(result.err[0]).toMatch(/^TypeError: x is undefined\n +at /);
  expect(result.err[1]).toContain('bug in Earthmover');
  expect(parsed(result)).toEqual({ event: 'error', code: 'bug', message: 'x is undefined' });
});

it('ends with 3 after a crash', () => {
  expect(reported(new UserError('crashed', 'late')).code).toBe(3);
});
