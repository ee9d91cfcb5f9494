import { fileTypeFromBuffer } from 'file-type';
import { splitExtension } from '../../shared/names.ts';

/** Types that are text, which the bytes do not tell apart. */
const TEXTS: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  htm: 'text/html',
  html: 'text/html',
  js: 'text/javascript',
  json: 'application/json',
  md: 'text/markdown',
  mjs: 'text/javascript',
  sh: 'application/x-sh',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  xhtml: 'application/xhtml+xml',
  xml: 'application/xml',
};

/**
 * The type by the bytes. Only where those are text the name has a say: a name that promises a picture does not make
 * one.
 */
export async function mimeOf(name: string, head: Uint8Array): Promise<string> {
  const found = await fileTypeFromBuffer(head);
  const byName = TEXTS[splitExtension(name).extension.slice(1).toLowerCase()];
  // All that the bytes of an SVG picture, or of a page, say is that they are XML.
  if (found && !(found.mime === 'application/xml' && byName)) return found.mime;
  return !head.includes(0) && byName ? byName : 'application/octet-stream';
}

/** `image/*` is every image. */
export const isAmongTypes = (mime: string, types: readonly string[]): boolean =>
  types.some((type) => type === mime || (type.endsWith('/*') && mime.startsWith(type.slice(0, -1))));
