import type { Found, Job } from '../found.ts';
import { CAREFUL, sharp } from './decoder.ts';
import { PDF } from './kinds.ts';
import { isOfDisk } from './ofDisk.ts';
import { DAMAGED, TOO_SLOW } from './reasons.ts';
import { run } from './run.ts';
import { makeThumbnails } from './thumbnails.ts';

/** The pages of a PDF, and a picture of the first. Poppler runs no scripts and fetches nothing. */
export async function lookAtPdf(job: Job): Promise<Found> {
  const info = await run('pdfinfo', [job.path]);
  const pages = Number(/^Pages:\s+(\d+)$/m.exec(info.output.toString())?.[1] ?? 0);
  const facts: Found = { mime: PDF, pages: pages > 0 ? pages : undefined };
  if (!info.ok) {
    const locked = info.errors.includes('password');
    return { ...facts, reason: locked ? 'The PDF is protected by a password.' : DAMAGED.pdf };
  }
  const first = ['-png', '-singlefile', '-f', '1', '-l', '1', '-cropbox', '-scale-to', '1024', job.path];
  const { output, late } = await run('pdftoppm', first);
  if (late) return { ...facts, reason: TOO_SLOW };
  try {
    return { ...facts, ...(await makeThumbnails(sharp(output, CAREFUL), job)) };
  } catch (error) {
    if (isOfDisk(error)) throw error;
    return { ...facts, reason: DAMAGED.pdf };
  }
}
