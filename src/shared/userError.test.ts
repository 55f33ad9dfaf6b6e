import { expect, test } from 'vitest';
import { isUserError, UserError } from './userError';

test('a user error has a code, a message and a cause', () => {
  const cause = new Error('EACCES');
  const error = new UserError('disk', 'Cannot read x: permission denied.', { cause });
  expect(error).toMatchObject({ name: 'UserError', code: 'disk', message: 'Cannot read x: permission denied.', cause });
  expect(isUserError(error)).toBe(true);
});

test('a user error of another bundle is recognized by its name', () => {
  expect(isUserError(Object.assign(new Error('x'), { name: 'UserError', code: 'disk' }))).toBe(true);
  expect(isUserError(new Error('x'))).toBe(false);
  expect(isUserError('x')).toBe(false);
});

test('the message of a user error is one clean line, whatever it quotes', () => {
  const { message } = new UserError('damaged', 'a\u001b]0;p\u0007\u001b[2J\nb\u202ec is damaged');
  expect(message).toBe('a\\x1b]0;p\\x07\\x1b[2J\\x0ab\\u202ec is damaged');
});
