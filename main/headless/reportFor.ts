import type { Report } from './report.ts';

/** JSON when asked for, a live line at a terminal, plain lines elsewhere. Each loads only what it needs. */
export async function reportFor(stream: NodeJS.WriteStream, json: boolean): Promise<Report> {
  if (json) return (await import('./jsonReport.ts')).jsonReport(stream);
  if (stream.isTTY && process.env.TERM !== 'dumb') return (await import('./liveReport.ts')).liveReport(stream);
  return (await import('./plainReport.ts')).plainReport(stream);
}
