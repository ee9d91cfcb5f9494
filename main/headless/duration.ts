const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNIT_MS;

/** Reads `90s`, `30m`, `1h`, `1h30m` or `2d` as ms; undefined when it is none of these, or nothing at all. */
export function parseDuration(text: string): number | undefined {
  const compact = text.trim().toLowerCase();
  if (!/^(\d+(\.\d+)?[smhd])+$/.test(compact)) return undefined;
  let total = 0;
  for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)) {
    total += Number(amount) * UNIT_MS[unit as Unit];
  }
  return total > 0 && Number.isSafeInteger(Math.round(total)) ? Math.round(total) : undefined;
}
