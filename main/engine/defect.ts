/** A defect of ours: stop rather than guess, and say where it happened. */
export function defect(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Driftless stopped because of a defect; nothing was lost, start it again and please report this: ${what}`;
}
