/**
 * Why a local file could not be read or written. changed: it was written to, replaced or cut short while it was read, look again ·
 * missing · denied · busy: another program holds it · not-a-file: a link, folder, socket or device · too-large: no small
 * file · disk-full · unusable: anything else, such as a failing disk.
 */
export type FileFailureCode =
  | 'changed'
  | 'missing'
  | 'denied'
  | 'busy'
  | 'not-a-file'
  | 'too-large'
  | 'disk-full'
  | 'unusable';

export class FileFailure extends Error {
  readonly code: FileFailureCode;
  constructor(code: FileFailureCode, message: string) {
    super(message);
    this.name = 'FileFailure';
    this.code = code;
  }
}

const CODES: Readonly<Record<string, FileFailureCode>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'denied',
  EPERM: 'denied',
  EBUSY: 'busy',
  ETXTBSY: 'busy',
  ELOOP: 'not-a-file',
  EISDIR: 'not-a-file',
  ENXIO: 'not-a-file',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
};

/** The failure that a file-system error amounts to; a FileFailure stays as it is. */
export function fileFailure(error: unknown): FileFailure {
  if (error instanceof FileFailure) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new FileFailure(CODES[code ?? ''] ?? 'unusable', message);
}
