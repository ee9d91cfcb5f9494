import type { Found, Job } from '../found.ts';
import { hasTool } from '../tools.ts';
import { BLENDER, DEMUXERS, PDF, PHOTOSHOP, PICTURES } from './kinds.ts';
import { reasonFor } from './reasons.ts';
import { installed } from './run.ts';
import type { Sniffed } from './sniff.ts';

export type Look = (job: Job) => Promise<Found>;

/**
 * How to look into a file of this type; or at once what there is to say, where a look would show nothing. Each decoder
 * is loaded when it is first needed: most files need none.
 */
export function lookFor({ mime, packing }: Sniffed): Look | Found {
  if (PICTURES.has(mime)) return async (job) => (await import('./picture.ts')).lookAtPicture(job, mime);
  if (mime === PHOTOSHOP) return async (job) => (await import('./photoshop.ts')).lookAtPhotoshop(job);
  if (mime === BLENDER) return async (job) => (await import('./blender.ts')).lookAtBlender(job, packing);
  if (mime === PDF) {
    if (hasTool(installed, 'poppler')) return async (job) => (await import('./pdf.ts')).lookAtPdf(job);
    return {
      mime,
      missingTool: 'poppler',
      reason: 'PDFs get a thumbnail once poppler-utils is installed on the server.',
    };
  }
  if (mime in DEMUXERS) {
    if (hasTool(installed, 'ffmpeg')) return async (job) => (await import('./clip.ts')).lookAtClip(job, mime);
    const what = mime.startsWith('audio/') ? 'Sounds' : 'Videos';
    return { mime, missingTool: 'ffmpeg', reason: `${what} get a thumbnail once ffmpeg is installed on the server.` };
  }
  return { mime, reason: reasonFor(mime) };
}
