import { z } from 'zod';
import type { Bucket } from './bucket.ts';

const KEY = 'driftless.json';
const Owner = z.object({ serverId: z.string() });

/**
 * Whether the bucket, below its prefix, is this server's; nobody's becomes so. Two servers in one place would take each
 * other's objects for strays, and let go of them. Copies of one server share its identity with its database.
 */
export async function isOurs(bucket: Pick<Bucket, 'whole' | 'putNew'>, serverId: string): Promise<boolean> {
  const known = await ownerOf(bucket);
  if (known !== undefined) return known === serverId;
  await bucket.putNew(KEY, Buffer.from(JSON.stringify({ serverId } satisfies z.infer<typeof Owner>)));
  // Another one may have been first.
  return (await ownerOf(bucket)) === serverId;
}

async function ownerOf(bucket: Pick<Bucket, 'whole'>): Promise<string | undefined> {
  const found = await bucket.whole(KEY);
  return found && Owner.parse(JSON.parse(Buffer.from(found).toString('utf8'))).serverId;
}
