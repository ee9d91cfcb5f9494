import { splitExtension } from '../../../shared/names.ts';

const TYPES: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif', webp: 'image/webp' },
  ...{ avif: 'image/avif', bmp: 'image/bmp', svg: 'image/svg+xml', ico: 'image/x-icon' },
  ...{ mp4: 'video/mp4', m4v: 'video/mp4', mov: 'video/quicktime', webm: 'video/webm', mkv: 'video/x-matroska' },
  ...{ ogv: 'video/ogg', mp3: 'audio/mpeg', wav: 'audio/wav', flac: 'audio/flac', aac: 'audio/aac' },
  ...{ m4a: 'audio/mp4', ogg: 'audio/ogg', oga: 'audio/ogg', opus: 'audio/ogg' },
  ...{ pdf: 'application/pdf' },
};

const TEXT = new Set(
  'txt md csv json xml html htm css js ts tsx jsx mjs yml yaml toml ini log rtf tex py rs go c h cpp java sh sql'.split(
    ' ',
  ),
);

/** As a browser may show it: text of every kind is plain text, so that no file becomes a page. */
export function mediaTypeOf(name: string): string {
  const extension = splitExtension(name).extension.slice(1).toLowerCase();
  if (TEXT.has(extension)) return 'text/plain; charset=utf-8';
  return TYPES[extension] ?? 'application/octet-stream';
}
