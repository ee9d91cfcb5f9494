import { formatBytes } from '../../shared/bytes.ts';
import { refuse } from '../refusal.ts';

/** Of one file, whatever room the account has. */
export const tooLarge = (limitBytes: number) =>
  refuse('too-large', `The file is larger than ${formatBytes(limitBytes)}, the limit of this server. Leave it out.`, {
    limitBytes,
  });
