import { z } from 'zod';
import { cameraOf } from './exif.ts';
import { DECODERS, DEMUXERS } from './kinds.ts';
import { run } from './run.ts';

/** Larger frames are not decoded; 8K has a quarter of it. */
const FRAME_PIXELS = 1 << 27;

/** The beginning of every call: what may be opened, and by what. */
export const input = (path: string, mime: string, demuxer = DEMUXERS[mime] ?? 'none'): string[] => [
  ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', demuxer, '-f', demuxer],
  ...[
    '-codec_whitelist',
    DECODERS.join(','),
    '-max_pixels',
    `${FRAME_PIXELS}`,
    '-probesize',
    '10M',
    '-analyzeduration',
    '10M',
  ],
  ...['-threads', '1', '-i', `file:${path}`],
];

const Tags = z.record(z.string(), z.string()).optional();
const Probed = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      duration: z.string().optional(),
      disposition: z.object({ attached_pic: z.number().optional() }).optional(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
      sample_aspect_ratio: z.string().optional(),
      tags: Tags,
    }),
  ),
  format: z.object({ duration: z.string().optional(), tags: Tags }),
});

/** What a container says about itself. */
export interface Probe {
  readonly picture: { readonly width: number; readonly height: number; readonly codec: string | undefined } | undefined;
  readonly sound: { readonly codec: string | undefined } | undefined;
  readonly durationMs: number | undefined;
  readonly takenAt: number | undefined;
  readonly camera: string | undefined;
}

/** Undefined: it cannot be read. */
export async function probe(path: string, mime: string): Promise<Probe | undefined> {
  const show = 'stream=codec_type,codec_name,width,height,duration,sample_aspect_ratio:stream_disposition=attached_pic';
  const more = ':stream_side_data=rotation:format=duration:format_tags:stream_tags=creation_time';
  const args = ['-v', 'error', '-show_entries', `${show}${more}`, '-of', 'json', ...input(path, mime)];
  const { ok, output } = await run('ffprobe', args);
  const probed = ok ? Probed.safeParse(parse(output)) : undefined;
  return probed?.success ? read(probed.data) : undefined;
}

function parse(output: Buffer): unknown {
  try {
    return JSON.parse(output.toString());
  } catch {
    return undefined;
  }
}

function read({ streams, format }: z.infer<typeof Probed>): Probe {
  const picture = streams.find((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const sound = streams.find((stream) => stream.codec_type === 'audio');
  const tags = format.tags ?? {};
  const taken = Date.parse(tags['com.apple.quicktime.creationdate'] ?? tags.creation_time ?? '');
  return {
    picture: picture && shape(picture),
    sound: sound && { codec: sound.codec_name },
    durationMs: milliseconds(format.duration ?? picture?.duration ?? sound?.duration),
    // Containers that nobody gave a time count from their epochs.
    takenAt: picture && taken > Date.UTC(1971) ? taken : undefined,
    camera: cameraOf(tags['com.apple.quicktime.make'], tags['com.apple.quicktime.model']),
  };
}

function shape(stream: z.infer<typeof Probed>['streams'][number]): Probe['picture'] {
  const { width = 0, height = 0, codec_name: codec, side_data_list: sides, sample_aspect_ratio: ratio } = stream;
  if (width <= 0 || height <= 0) return undefined;
  const [wide = 1, high = 1] = (ratio ?? '').split(':').map(Number);
  const shown = wide > 0 && high > 0 ? Math.max(1, Math.round((width * wide) / high)) : width;
  const turned = sides?.some(({ rotation = 0 }) => Math.abs(rotation) % 180 === 90);
  return turned ? { width: height, height: shown, codec } : { width: shown, height, codec };
}

function milliseconds(seconds: string | undefined): number | undefined {
  const value = Math.round(Number(seconds) * 1_000);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
