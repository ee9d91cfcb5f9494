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

/** Ms from `now` until `tomorrow`, as the day begins here, or until the next `18:30`; undefined when it is neither. */
export function parseMoment(text: string, now: Date): number | undefined {
  const wanted = text.trim().toLowerCase();
  const moment = new Date(now);
  if (wanted === 'tomorrow') {
    moment.setHours(24, 0, 0, 0);
    return moment.getTime() - now.getTime();
  }
  const [, hours = '', minutes = ''] = /^(\d{1,2}):(\d{2})$/.exec(wanted) ?? [];
  if (hours === '' || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  moment.setHours(Number(hours), Number(minutes), 0, 0);
  if (moment <= now) moment.setDate(moment.getDate() + 1);
  return moment.getTime() - now.getTime();
}
