/** A file or folder name may hold at most this many UTF-8 bytes: the limit of ext4, APFS and NTFS alike. */
export const MAX_NAME_BYTES = 255;

/** The engine's own folder at the root of every synced folder; never synced. */
export const OWN_FOLDER = '.driftless';

const encoder = new TextEncoder();

export const nameBytes = (name: string): number => encoder.encode(name).length;

/** The form in which names travel and are stored: Unicode NFC. */
export const wireName = (name: string): string => name.normalize('NFC');

/**
 * Two names with the same key cannot live side by side in a folder, because on some device they are one name.
 * Folding is NFC and simple case folding; upper-casing first lets ß and ſ meet their partners.
 */
export const nameKey = (name: string): string =>
  PLAIN.test(name) ? name.toLowerCase() : name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');

/** For names like these, which are most, lower case is all there is to folding. */
const PLAIN = /^[ -~]*$/;

/** Why the server cannot hold this name, as a clause for people, or undefined when it can. */
export function nameFault(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it is not a name';
  if (name.includes('/')) return 'it contains a slash';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'it contains a control character';
  if (!name.isWellFormed() || name.includes('\ufffd')) return 'it is not valid Unicode';
  if (nameBytes(name) > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  if (name === OWN_FOLDER) return 'it is reserved for Driftless itself';
  return undefined;
}

/** Splits `photo.raw.jpg` into `photo.raw` and `.jpg`; a leading dot belongs to the stem. */
export function splitExtension(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' };
}

/** `stem + suffix + extension`, shortening the stem by whole characters until it fits in a name. */
export function withSuffix(name: string, suffix: string): string {
  const { stem, extension } = splitExtension(name);
  const characters = [...stem];
  while (characters.length > 1 && nameBytes(characters.join('') + suffix + extension) > MAX_NAME_BYTES) {
    characters.pop();
  }
  return characters.join('') + suffix + extension;
}
