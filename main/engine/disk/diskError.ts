import { errorCode } from './filesystem.ts';
import { portableName } from './portableName.ts';

type NodeErrorCode = 'disk-full' | 'denied' | 'name-refused' | 'busy' | 'other';
/** in-the-way: something that is never synced has the name. */
export type DiskErrorCode = NodeErrorCode | 'in-the-way';

/** The disk refused something; the message is one sentence with a next step. */
export class DiskError extends Error {
  readonly code: DiskErrorCode;
  constructor(code: DiskErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'DiskError';
    this.code = code;
  }
}

/** The sentence for whatever Node threw; `shown` is the path as a person knows it. */
export function asDiskError(error: unknown, shown: string): DiskError {
  if (error instanceof DiskError) return error;
  const node = errorCode(error);
  const code = diskErrorCode(node);
  return new DiskError(code, sentence(code, shown, node), error);
}

export function diskErrorCode(nodeCode: string | undefined): NodeErrorCode {
  switch (nodeCode) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'disk-full';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'denied';
    case 'EINVAL':
    case 'EILSEQ':
    case 'ENAMETOOLONG':
      return 'name-refused';
    case 'EBUSY':
    case 'ETXTBSY':
    case 'EMFILE':
    case 'ENFILE':
    case 'EAGAIN':
      return 'busy';
    default:
      return 'other';
  }
}

/** A disk made for Windows refuses the same names wherever it is connected. */
function suggestion(shown: string): string {
  const name = shown.slice(shown.lastIndexOf('/') + 1);
  const portable = portableName(name);
  return portable === name ? '' : `, for instance to “${portable}”`;
}

function sentence(code: NodeErrorCode, shown: string, node: string | undefined): string {
  switch (code) {
    case 'disk-full':
      return `There is no room left on the disk for “${shown}”: free some space and it goes on by itself.`;
    case 'denied':
      return `This computer does not allow “${shown}” to be read or changed: check its permissions.`;
    case 'name-refused':
      return `This disk cannot hold the name “${shown}”: rename it on another device${suggestion(shown)}.`;
    case 'busy':
      return `“${shown}” is in use by another program: close it there; it is tried again by itself.`;
    case 'other':
      return `The disk failed at “${shown}” (${node ?? 'no reason given'}): check the disk; it is tried again by itself.`;
  }
}
