import { errorCode } from '../../content/durable.ts';
import { isDiskFull } from '../../diskFull.ts';

/**
 * The file may be as it should be, but the server's disk is not: no fault of the file's, and another try may go well.
 * The picture library tells it in words only.
 */
export const isOfDisk = (error: unknown): boolean =>
  isDiskFull(error) ||
  ['EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE'].includes(errorCode(error) ?? '') ||
  (error instanceof Error && /no space left|write error|unable to open for write/i.test(error.message));
