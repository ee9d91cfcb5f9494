import { setTimeout } from 'node:timers/promises';
import sharp from 'sharp';
import type { MediaCursor, MediaFacts, MediaPage } from '../../../shared/api/media.ts';
import type { Node } from '../../../shared/api/nodes.ts';
import { paths } from '../../../shared/api/paths.ts';
import { type Client, contentOf } from '../harness.ts';

/** Stores a file; large ones as a device does. */
export const store = (client: Client, name: string, bytes: Buffer): Promise<Node> =>
  bytes.length > 256 * 1_024 ? client.upload(name, contentOf(bytes)) : client.put(name, contentOf(bytes));

export const thumbnail = (client: Client, node: Node, size = 512): Promise<Response> =>
  client.fetch(`${paths.thumbnail(node.id)}?size=${size}`);

export const mediaAfter = (client: Client, after: MediaCursor = '0'): Promise<MediaPage> =>
  client.json('GET', `${paths.media}?after=${after}`);

/** What is found in a file, once it is. Asking for the thumbnail puts it first. */
export async function factsOf(client: Client, node: Node): Promise<MediaFacts> {
  for (;;) {
    const { facts } = await mediaAfter(client);
    const found = facts.find(({ contentId }) => contentId === node.contentId);
    if (found) return found;
    await (await thumbnail(client, node)).arrayBuffer();
    await setTimeout(50);
  }
}

export const lookAt = async (client: Client, name: string, bytes: Buffer): Promise<MediaFacts> =>
  factsOf(client, await store(client, name, bytes));

export interface Seen {
  readonly width: number;
  readonly height: number;
  /** Which colour each corner has, from the upper left on as one reads. */
  readonly corners: readonly string[];
}

/** A thumbnail as somebody would see it. */
export async function see(client: Client, node: Node, size = 512): Promise<Seen> {
  const answer = await thumbnail(client, node, size);
  if (answer.status !== 200) throw new Error(`no thumbnail: ${await answer.text()}`);
  const picture = sharp(Buffer.from(await answer.arrayBuffer()));
  const { format } = await picture.metadata();
  if (format !== 'webp') throw new Error(`the thumbnail is ${format}`);
  const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): string => {
    const from = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 4;
    return [...data.subarray(from, from + 3)].map((value) => (value > 127 ? 'f' : '0')).join('');
  };
  return {
    width: info.width,
    height: info.height,
    corners: [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)],
  };
}
