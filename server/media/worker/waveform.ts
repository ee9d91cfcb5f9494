import type { Sharp } from 'sharp';
import { sharp } from './decoder.ts';
import { input } from './probe.ts';
import { run } from './run.ts';

const WIDTH = 1_024;
const HEIGHT = 576;
const MARGIN = 64;
const BARS = 64;
const PITCH = (WIDTH - 2 * MARGIN) / BARS;
const BAR_RADIUS = PITCH * 0.3;
/** Of the height that the loudest bar takes. */
const LOUDEST = 0.8;
/** The accent between its light and its dark form: it stands out from white as from black. */
const COLOUR = [42, 154, 136] as const;

const RATE = 4_000;
/** Longer sounds are drawn by their beginning, so that nothing decodes for minutes. */
const DRAWN_MS = 2 * 3_600_000;

/** The loudness of a sound over its time as rounded bars, on nothing. */
export async function drawWaveform(
  path: string,
  mime: string,
  durationMs: number | undefined,
): Promise<Sharp | 'nothing' | 'late'> {
  const drawnMs = Math.min(durationMs || DRAWN_MS, DRAWN_MS);
  const loudness = new Loudness(Math.max(1, Math.round((drawnMs / 1_000) * RATE)));
  const { late } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', ...input(path, mime), '-map', '0:a:0', '-vn', '-sn', '-dn'],
      ...['-t', `${drawnMs / 1_000}`, '-ac', '1', '-ar', `${RATE}`, '-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1'],
    ],
    (bytes) => loudness.take(bytes),
  );
  if (late) return 'late';
  if (loudness.samples === 0) return 'nothing';
  return draw(loudness.bars());
}

/** The mean loudness of so many equal times, from 0 to 1; the samples are not kept. */
class Loudness {
  readonly #perBar: number;
  readonly #squares = new Float64Array(BARS);
  readonly #counts = new Float64Array(BARS);
  #odd: number | undefined;
  samples = 0;

  constructor(total: number) {
    this.#perBar = total / BARS;
  }

  take(bytes: Buffer): void {
    let at = 0;
    if (this.#odd !== undefined && bytes.length > 0) {
      this.#add((((bytes[0] ?? 0) << 24) >> 16) | this.#odd);
      at = 1;
    }
    for (; at + 2 <= bytes.length; at += 2) this.#add(bytes.readInt16LE(at));
    this.#odd = at < bytes.length ? bytes[at] : undefined;
  }

  #add(sample: number): void {
    const bar = Math.min(BARS - 1, Math.floor(this.samples / this.#perBar));
    this.#squares[bar] = (this.#squares[bar] ?? 0) + sample * sample;
    this.#counts[bar] = (this.#counts[bar] ?? 0) + 1;
    this.samples += 1;
  }

  /** Relative to the loudest: a quiet recording shows its shape as well as a loud one; silence stays a line. */
  bars(): number[] {
    const means = Array.from(this.#squares, (sum, i) => Math.sqrt(sum / Math.max(1, this.#counts[i] ?? 0)));
    const loudest = Math.max(...means);
    return means.map((mean) => (loudest < 1 ? 0 : (mean / loudest) ** 0.7));
  }
}

function draw(bars: readonly number[]): Sharp {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 4);
  const middle = HEIGHT / 2;
  for (let x = MARGIN; x < WIDTH - MARGIN; x += 1) {
    const bar = Math.floor((x - MARGIN) / PITCH);
    const half = Math.max(0, ((bars[bar] ?? 0) * HEIGHT * LOUDEST) / 2 - BAR_RADIUS);
    const dx = x + 0.5 - MARGIN - (bar + 0.5) * PITCH;
    for (let y = Math.floor(middle - half - PITCH); y < middle + half + PITCH; y += 1) {
      const beyond = Math.max(0, Math.abs(y + 0.5 - middle) - half);
      const cover = Math.min(1, Math.max(0, BAR_RADIUS - Math.hypot(dx, beyond) + 0.5));
      if (cover > 0) pixels.set([...COLOUR, Math.round(cover * 255)], (y * WIDTH + x) * 4);
    }
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
}
