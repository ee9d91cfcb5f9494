import { chunksOf } from '../../main/engine/hash/smallFiles.ts';
import type { Chunk } from '../../shared/chunking/contentId.ts';
import type { ContentId } from '../../shared/ids.ts';

/** A content of this many letters or fewer is its own name in a trace. */
const SHORT = 64;

export interface Content {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly chunks: readonly Chunk[];
  readonly contentId: ContentId;
}

const byText = new Map<string, Content>();
const byBytes = new WeakMap<Uint8Array, Content>();
/** What large files are filled up with: no chunk of it is like another one. */
let filler: Uint8Array | undefined;

/** Chunks and id of bytes that never change. Small ones are hashed once for all histories. */
export function contentOf(bytes: Uint8Array): Content {
  const known = byBytes.get(bytes);
  if (known) return known;
  const text = bytes.length <= SHORT ? Buffer.from(bytes).toString('latin1') : undefined;
  const same = text === undefined ? undefined : byText.get(text);
  const content = same ?? { bytes: bytes as Uint8Array<ArrayBuffer>, ...chunksOf(bytes) };
  byBytes.set(bytes, content);
  if (text !== undefined) {
    if (byText.size > 20_000) byText.clear();
    byText.set(text, content);
  }
  return content;
}

/** The bytes of a text; with `size`, filled up to as many bytes. */
export function bytesOf(text: string, size = 0): Uint8Array {
  if (size <= text.length) return byText.get(text)?.bytes ?? Buffer.from(text, 'latin1');
  const bytes = new Uint8Array(size);
  if (!filler || filler.length < size) filler = noise(size);
  bytes.set(filler.subarray(0, size));
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** What a content is called: its text, or the beginning of it and its size. */
export function nameOf(bytes: Uint8Array): string {
  if (bytes.length <= SHORT) return Buffer.from(bytes).toString('latin1');
  const text = Buffer.from(bytes.subarray(0, SHORT)).toString('latin1');
  return `${text.split('|')[0]}|…${bytes.length}`;
}

function noise(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = 1;
  for (let i = 0; i < size; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
