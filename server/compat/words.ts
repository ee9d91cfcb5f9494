/** Sizes as the systems before wrote them: their clients show, and some take apart, these very words. */

const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

function scaled(bytes: number): readonly [value: number, unit: string | null] {
  let value = bytes;
  let unit: string | null = null;
  for (const next of UNITS) {
    if (Math.abs(value) < 1_024) break;
    value /= 1_024;
    unit = next;
  }
  return [value, unit];
}

/** `2.4 GB`, `0 Bytes`: two digits at most, none that say nothing. */
export function shortSize(bytes: number): string {
  const [value, unit] = scaled(bytes);
  return `${Number.parseFloat(value.toFixed(2))} ${unit ?? 'Bytes'}`;
}

/** `2.40 GB`, `0.00 B`: two digits always. */
export function fixedSize(bytes: number): string {
  const [value, unit] = scaled(bytes);
  return `${value.toFixed(2)} ${unit ?? 'B'}`;
}

/** Per cent of a limit; 0 where there is none, and never NaN. */
export function percentOf(used: number, limit: number | null): number {
  if (limit === null) return 0;
  if (limit === 0) return used > 0 ? 100 : 0;
  return (used / limit) * 100;
}

/** `00:02:30` */
export function clockDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => part.toString().padStart(2, '0')).join(':');
}
