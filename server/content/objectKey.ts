import { FILE_TYPES, fileTypeOf, safeExtension } from '../../shared/fileTypes.ts';
import type { UserId } from '../../shared/ids.ts';
import type { ObjectKey } from './store.ts';

/** Key of a new object. Nothing of a person's text enters it but a harmless extension. */
export const objectKey = (userId: UserId, name: string, objectId: string): ObjectKey =>
  `users/${userId}/${FILE_TYPES[fileTypeOf(name)]}/${objectId}${safeExtension(name)}`;
