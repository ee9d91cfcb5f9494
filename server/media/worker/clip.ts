import type { Found, Job } from '../found.ts';
import { CAREFUL, sharp } from './decoder.ts';
import { isOfDisk } from './ofDisk.ts';
import { input, type Probe, probe } from './probe.ts';
import { DAMAGED, reasonFor, TOO_SLOW } from './reasons.ts';
import { run } from './run.ts';
import { makeThumbnails } from './thumbnails.ts';
import { drawWaveform } from './waveform.ts';

/** Facts of a video or sound, and a picture of it: a frame where it has frames, else its waveform. */
export async function lookAtClip(job: Job, mime: string): Promise<Found> {
  const seen = await probe(job.path, mime);
  if (!seen) return { mime, reason: mime.startsWith('audio/') ? DAMAGED.sound : DAMAGED.video };
  const { picture, sound, durationMs, takenAt, camera } = seen;
  const facts: Found = {
    mime,
    width: picture?.width,
    height: picture?.height,
    durationMs,
    codec: picture?.codec ?? sound?.codec,
    takenAt,
    camera,
  };
  if (picture) return { ...facts, ...(await frame(job, mime, seen)) };
  if (sound) return { ...facts, ...(await waveform(job, mime, durationMs)) };
  return { ...facts, reason: reasonFor(mime) };
}

/** The first look is where titles have passed but little of the file must be read; the second, at the beginning. */
const LOOK_AT_SHARE = 0.1;
const LOOK_AT_MOST_S = 20;

/** The key frame next to the place: decoding up to the exact one would cost many frames, and gain nothing. */
async function frame(job: Job, mime: string, { durationMs = 0 }: Probe): Promise<Partial<Found>> {
  const at = Math.min((durationMs / 1_000) * LOOK_AT_SHARE, LOOK_AT_MOST_S);
  for (const seconds of at > 0 ? [at, 0] : [0]) {
    const { ok, output, late } = await run('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-noaccurate_seek', '-ss', seconds.toFixed(3)],
      ...[...input(job.path, mime), '-map', '0:V:0', '-an', '-sn', '-dn', '-frames:v', '1'],
      ...['-vf', `scale='trunc(iw*sar)':ih,setsar=1,scale=w='min(1024,iw)':h='min(1024,ih)':${KEEP_SHAPE}`],
      ...['-threads', '1', '-c:v', 'png', '-f', 'image2pipe', 'pipe:1'],
    ]);
    if (late) return { reason: TOO_SLOW };
    if (!ok || output.length === 0) continue;
    try {
      return await makeThumbnails(sharp(output, CAREFUL), job);
    } catch (error) {
      if (isOfDisk(error)) throw error;
    }
  }
  return { reason: DAMAGED.video };
}

const KEEP_SHAPE = 'force_original_aspect_ratio=decrease';

async function waveform(job: Job, mime: string, durationMs: number | undefined): Promise<Partial<Found>> {
  const drawn = await drawWaveform(job.path, mime, durationMs);
  if (drawn === 'late') return { reason: TOO_SLOW };
  if (drawn === 'nothing') return { reason: DAMAGED.sound };
  return makeThumbnails(drawn, job, false);
}
