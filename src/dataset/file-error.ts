/** The usual reasons of the file system, in words. */
const reasons: Record<string, string> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file, not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'something of that name is in the way',
  ELOOP: 'its links lead in a circle',
  // Of a socket.
  ENXIO: 'not a regular file',
  EMFILE: 'too many files are open',
};

/** Why the file system refused, in a few plain words. */
export function fileError(error: unknown): string {
  const { code = '', path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  // Node reads names as UTF-8, and cannot ask for those that are not.
  if (code === 'ENOENT' && path?.includes('\ufffd')) return 'its name is not UTF-8: rename it';
  if (reasons[code]) return reasons[code];
  return error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 160) : 'unknown reason';
}
