import { fileTypeFromFile } from 'file-type';
import { KiB, MiB } from '../../../shared/bytes.ts';
import { type Packing, readAt, unpackedHead } from './head.ts';
import { BLENDER, EMPTY, HTML, PLAIN, SVG, UNKNOWN } from './kinds.ts';

const HEAD_BYTES = 4 * KiB;

/** Of formats that creators use and that have no official name, by how they begin. */
const MAGIC: readonly (readonly [begins: string, mime: string])[] = [
  ['FLhd', 'application/x-flstudio'],
  ['Kaydara FBX Binary', 'application/x-fbx'],
  ['#USDA', 'model/vnd.usda'],
  ['PXR-USDC', 'model/vnd.usd'],
  ['%!PS-Adobe', 'application/postscript'],
  ['ply\n', 'model/x-ply'],
];

/** Of programs whose projects are packed XML, by the name of an element. */
const PACKED_XML: readonly (readonly [element: string, mime: string])[] = [
  ['<Ableton', 'application/x-ableton-live'],
  ['<PremiereData', 'application/x-premiere-pro'],
  ['<svg', SVG],
];

export interface Sniffed {
  readonly mime: string;
  readonly packing: Packing;
}

/** What a file is by its bytes; its name may say anything. */
export async function sniff(path: string): Promise<Sniffed> {
  const head = await readAt(path, 0, HEAD_BYTES);
  if (head.length === 0) return { mime: EMPTY, packing: 'none' };
  const magic = MAGIC.find(([begins]) => head.subarray(0, begins.length).toString('latin1') === begins);
  if (magic) return { mime: magic[1], packing: 'none' };
  const text = readText(head);
  if (text !== undefined && !text.startsWith('%PDF')) return { mime: textType(text), packing: 'none' };

  const type = await fileTypeFromFile(path, { maxBufferSize: MiB });
  // The library may add parameters: `audio/ogg; codecs=opus`.
  const mime = type?.mime.split(';')[0] ?? UNKNOWN;
  if (mime === 'application/gzip') return packed(path, mime, 'gzip');
  if (mime === 'application/zstd') return packed(path, mime, 'zstd');
  return { mime, packing: 'none' };
}

async function packed(path: string, mime: string, packing: Packing): Promise<Sniffed> {
  const head = (await unpackedHead(path, packing, HEAD_BYTES)).toString('latin1');
  if (head.startsWith('BLENDER')) return { mime: BLENDER, packing };
  const known = PACKED_XML.find(([element]) => head.includes(element));
  return { mime: known?.[1] ?? mime, packing };
}

function textType(text: string): string {
  const begin = text.trimStart().slice(0, 1_000).toLowerCase();
  if (begin.startsWith('<!doctype html') || begin.startsWith('<html')) return HTML;
  if (begin.startsWith('{\\rtf')) return 'application/rtf';
  if (!begin.startsWith('<')) return PLAIN;
  if (/<svg[\s>]/.test(begin)) return SVG;
  if (/<html[\s>]/.test(begin)) return HTML;
  return begin.startsWith('<?xml') ? 'application/xml' : PLAIN;
}

/** The head as text; nothing when it is none. The last letter may be cut. */
function readText(head: Buffer): string | undefined {
  const wide =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 0;
  try {
    const text = new TextDecoder(wide || 'utf-8', { fatal: true }).decode(head, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells bytes from text
    return /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
