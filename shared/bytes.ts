/** Sizes in bytes. Binary multiples throughout: 1 KiB = 1,024 B. */
export const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `2.4 GB`, `820 KB`, `0 B`: at most one decimal, the way file managers print sizes. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Reads `5M`, `20GB`, `1.5 GiB` or a plain number of bytes; undefined when it is none of these. */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?\s*$/i.exec(text);
  if (!match) return undefined;
  const power = 'kmgtp'.indexOf((match[2] ?? '').toLowerCase()) + 1;
  return Math.round(Number(match[1]) * 1024 ** (match[2] ? power : 0));
}
