// Errors about a run directory are shown in a terminal and in the editor, which has no options.
import { expect, it } from 'vitest';
import { diskError, notEmpty } from './errors';

const failure = (code: string) => Object.assign(new Error(code), { code });

it.each(['ENOSPC', 'EFBIG', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP'])(
  'the advice about %s names no option of the command line',
  (code) => {
    const { message } = diskError('write', '/runs/a', failure(code));
    expect(message).toMatch(/^Cannot write \/runs\/a: .{20,}\.$/);
    expect(message).not.toMatch(/--\w/);
  },
);

it('a folder with other files is named with what to do', () => {
  expect(notEmpty('/runs/a', ['b.txt']).message).toMatch(/Choose another folder for the run\.$/);
});
