import { hash } from 'node:crypto';
import { PACK_MAX_FILES } from '../../shared/api/limits.ts';
import { PackedFile, readFrame } from '../../shared/api/packs.ts';
import { contentIdText } from '../../shared/chunking/contentId.ts';
import { refuse } from '../refusal.ts';

export interface PackFile {
  readonly file: PackedFile;
  readonly bytes: Uint8Array;
}

/** The files of a pack. Refused as malformed when it is not one, or ends inside a frame. */
export function parsePack(pack: Uint8Array): PackFile[] {
  const files: PackFile[] = [];
  for (let at = 0; at < pack.length; ) {
    const frame = nextFrame(pack, at);
    if (!frame) throw refuse('malformed', 'The pack ends in the middle of a file. Send it again.');
    files.push({ file: frame.header, bytes: pack.subarray(frame.start, frame.end) });
    if (files.length > PACK_MAX_FILES) {
      throw refuse('too-large', `A pack holds at most ${PACK_MAX_FILES} files. Send several packs.`);
    }
    at = frame.end;
  }
  return files;
}

function nextFrame(pack: Uint8Array, at: number) {
  try {
    return readFrame(pack, at, (json) => PackedFile.parse(json));
  } catch {
    throw refuse('malformed', 'This is not a pack of files. Update the client.');
  }
}

/** Whether the bytes are what the header says: every chunk, and the content id over all of them. */
export function isSound({ file, bytes }: PackFile): boolean {
  let at = 0;
  for (const [chunk, length] of file.chunks) {
    if (hash('sha256', bytes.subarray(at, at + length), 'hex') !== chunk) return false;
    at += length;
  }
  return at === bytes.length && hash('sha256', contentIdText(file.size, file.chunks), 'hex') === file.contentId;
}
