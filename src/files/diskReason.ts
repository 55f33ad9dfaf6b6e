// Errors of the file system in words.
import { messageOf } from '../shared/thrownValue';
import { errno } from './errno';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the file is larger than this file system allows',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'it does not exist',
  ENOTDIR: 'part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many files are open',
  ELOOP: 'it is a link, or leads through too many of them',
  EIO: 'the disk reported an error',
  EBUSY: 'another program is using it',
  EEXIST: 'a file with that name exists',
};

/** Why a file cannot be read or written, as a clause: "the disk is full". */
export const diskReason = (error: unknown): string => reasons[errno(error) ?? ''] ?? messageOf(error);
