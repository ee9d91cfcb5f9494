/** Windows knows these as devices, whatever comes after a dot. */
const RESERVED = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(?= *(?:\.|$))/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const FORBIDDEN = /[<>:"|?*\\/\u0000-\u001f]/g;
const TRAILING = /[. ]+$/;

/** The nearest name that every computer can hold; the name itself when it is one. */
export function portableName(name: string): string {
  const plain = name.replace(FORBIDDEN, '_').replace(TRAILING, '').replace(RESERVED, '$1_');
  return plain === '' ? '_' : plain;
}
