/** What the camera wrote into a picture. */
export interface Exif {
  /** Unix ms; without a time zone it is taken to be in UTC. */
  readonly takenAt?: number | undefined;
  readonly camera?: string | undefined;
}

const MAKE = 0x010f;
const MODEL = 0x0110;
const DETAILS = 0x8769;
const TAKEN = 0x9003;
const OFFSET = 0x9011;

/** A folder of a camera has a few dozen entries; more are a trap. */
const ENTRIES_MAX = 500;
const TEXT_MAX = 200;

/** Reads an EXIF block as it stands in a JPEG, with or without its `Exif` head. What makes no sense is left out. */
export function readExif(block: Uint8Array): Exif {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const tiff = bytes.toString('latin1', 0, 4) === 'Exif' ? bytes.subarray(6) : bytes;
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return {};
  const reader = new Reader(tiff, order === 'II');
  const main = reader.folder(reader.long(4));
  const at = main.get(DETAILS)?.value;
  const details = at === undefined ? new Map<number, Entry>() : reader.folder(at);
  return {
    takenAt: timeOf(reader.text(details.get(TAKEN)), reader.text(details.get(OFFSET))),
    camera: cameraOf(reader.text(main.get(MAKE)), reader.text(main.get(MODEL))),
  };
}

interface Entry {
  /** Where the entry's text lies, or its number. */
  readonly value: number;
  readonly count: number;
  /** Where the entry's own four bytes lie: short texts are in them. */
  readonly own: number;
}

class Reader {
  readonly #bytes: Buffer;
  readonly #little: boolean;

  constructor(bytes: Buffer, little: boolean) {
    this.#bytes = bytes;
    this.#little = little;
  }

  long(at: number): number {
    if (at + 4 > this.#bytes.length) return this.#bytes.length;
    return this.#little ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  folder(at: number): Map<number, Entry> {
    const entries = new Map<number, Entry>();
    const count = Math.min(this.#short(at), ENTRIES_MAX);
    for (let i = 0; i < count; i += 1) {
      const entry = at + 2 + i * 12;
      if (entry + 12 > this.#bytes.length) break;
      entries.set(this.#short(entry), { count: this.long(entry + 4), value: this.long(entry + 8), own: entry + 8 });
    }
    return entries;
  }

  text(entry: Entry | undefined): string | undefined {
    if (!entry || entry.count > TEXT_MAX) return undefined;
    const from = entry.count <= 4 ? entry.own : entry.value;
    const text = this.#bytes.toString('utf8', from, from + entry.count).split('\0')[0] ?? '';
    return text.replace(/\p{Cc}|\ufffd/gu, '').trim() || undefined;
  }

  #short(at: number): number {
    if (at + 2 > this.#bytes.length) return 0;
    return this.#little ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
  }
}

function timeOf(text: string | undefined, offset: string | undefined): number | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(text ?? '') ?? [];
  if (!y) return undefined;
  const zone = /^[+-]\d\d:\d\d$/.test(offset ?? '') ? offset : 'Z';
  const time = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}${zone}`);
  return Number.isFinite(time) ? time : undefined;
}

/** Many makers repeat their name in the model's. */
export function cameraOf(make: string | undefined, model: string | undefined): string | undefined {
  if (!make || !model) return model ?? make;
  const [brand = ''] = make.split(' ');
  return model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${make} ${model}`;
}
