import { randomBytes } from 'node:crypto';
import type { CreateLink, Link } from '../../shared/api/links.ts';
import { paths } from '../../shared/api/paths.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { recordEvent } from '../audit/record.ts';
import { contentsOf, type StoredContent } from '../content/objects.ts';
import { lockUser } from '../db/locks.ts';
import type { Db, LinkRow } from '../db/schema.ts';
import { refuse } from '../refusal.ts';
import { nodesById } from '../tree/neighbours.ts';
import { unknownNode } from '../tree/node.ts';
import type { LinkSigner } from './token.ts';

/** Links in one answer, the newest. */
const LISTED = 1_000;
/** A link that has ended is shown for this long, in ms. */
const SHOWN_AFTER_MS = 30 * 24 * 3_600_000;

/** Shares a file: whoever has the address may download it until then. */
export async function createLink(
  write: Db,
  signer: LinkSigner,
  userId: UserId,
  { nodeId, seconds }: CreateLink,
  now: number,
): Promise<Link> {
  const row: LinkRow = {
    id: randomBytes(16).toString('base64url'),
    user_id: userId,
    node_id: nodeId,
    created_at: now,
    expires_at: now + seconds * 1_000,
    revoked_at: null,
    downloads: 0,
  };
  await write.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const node = (await nodesById(trx, userId, [nodeId])).get(nodeId);
    if (!node || node.state === 'purged') throw unknownNode();
    if (node.kind !== 'file' || node.state !== 'live') {
      throw refuse('malformed', 'Only a file that is not in the trash can be shared. Choose a file.');
    }
    await trx.insertInto('links').values(row).execute();
    await recordEvent(trx, { userId, action: 'link-created', nodeId, path: node.name, detail: `for ${seconds} s` });
  });
  return linkOf(signer, row);
}

/** A user's links, newest first, of one file or of all; those that have ended as well. */
export async function listLinks(
  db: Db,
  signer: LinkSigner,
  userId: UserId,
  nodeId: NodeId | undefined,
): Promise<Link[]> {
  let select = db.selectFrom('links').selectAll().where('user_id', '=', userId);
  if (nodeId !== undefined) select = select.where('node_id', '=', nodeId);
  const rows = await select.orderBy('created_at', 'desc').orderBy('id').limit(LISTED).execute();
  return rows.map((row) => linkOf(signer, row));
}

/** The link works no more, whoever has its address. Again is fine. */
export async function revokeLink(write: Db, userId: UserId, id: string, now: number): Promise<void> {
  await write.transaction().execute(async (trx) => {
    await lockUser(trx, userId);
    const link = await trx
      .selectFrom('links')
      .select(['node_id', 'revoked_at'])
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (!link) throw refuse('not-found', 'There is no such link. Look at the list of links.');
    if (link.revoked_at !== null) return;
    await trx.updateTable('links').set({ revoked_at: now }).where('id', '=', id).execute();
    await recordEvent(trx, { userId, action: 'link-revoked', nodeId: link.node_id });
  });
}

/** A link that anybody may follow now, and what it shows. */
export interface OpenLink {
  readonly id: string;
  readonly content: StoredContent;
}

/** What the refusals say gives nothing away: neither a name nor whose file it is. */
export async function openLink(db: Db, signer: LinkSigner, token: string, now: number): Promise<OpenLink> {
  const proof = signer.verify(token);
  if (!proof) throw refuse('forbidden', 'This link is not one of this server. Copy the whole address and try again.');
  const row = await db.selectFrom('links').selectAll().where('id', '=', proof.id).executeTakeFirst();
  if (!row || row.revoked_at !== null || Math.min(row.expires_at, proof.expiresAt) <= now) throw gone();
  const node = (await nodesById(db, row.user_id, [row.node_id])).get(row.node_id);
  if (node?.state !== 'live' || node.content_id === null) throw gone();
  const wanted = { nodeId: node.id, contentId: node.content_id };
  const [content] = await contentsOf(db, row.user_id, [wanted]);
  if (!content) throw gone();
  return { id: row.id, content };
}

const gone = () => refuse('link-gone', 'This link has expired or was taken back. Ask its sender for a new one.');

export async function countDownload(trx: Db, id: string): Promise<void> {
  await trx
    .updateTable('links')
    .set((eb) => ({ downloads: eb('downloads', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** Forgets links that have ended long ago; their addresses stay refused. */
export async function sweepLinks(write: Db, now: number): Promise<void> {
  const before = now - SHOWN_AFTER_MS;
  await write.deleteFrom('links').where('expires_at', '<', before).execute();
}

const linkOf = (signer: LinkSigner, row: LinkRow): Link => ({
  id: row.id,
  nodeId: row.node_id,
  path: paths.shared(signer.sign({ id: row.id, expiresAt: row.expires_at })),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  downloads: row.downloads,
});
