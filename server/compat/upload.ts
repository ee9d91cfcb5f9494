import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { Label } from '../../shared/api/library.ts';
import type { NodeId, UserId } from '../../shared/ids.ts';
import { withSuffix } from '../../shared/names.ts';
import { ingest } from '../ingest/ingest.ts';
import { type Spooled, spool } from '../ingest/spool.ts';
import { quotaExceeded, roomOf } from '../quota/room.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { editNode } from '../tree/edit.ts';
import { folderAt, underFreeName } from './place.ts';

/** Files in one request. */
export const FILES_MAX = 10;
/** What a form may weigh besides its files, in bytes. */
const FORM_BYTES = 64 * 1024;

/** What a form says of its files. Anything else in it is left alone. */
const Fields = z.object({
  category: Label.optional(),
  subcategory: Label.optional(),
  entityId: Label.optional(),
  /** Another name for the entity. */
  package_name: Label.optional(),
  metadata: z
    .string()
    .transform((text, context) => {
      try {
        return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
      } catch {
        context.addIssue({ code: 'custom', message: 'metadata is not a JSON object' });
        return z.NEVER;
      }
    })
    .optional(),
});
export type UploadFields = z.infer<typeof Fields>;

interface Received {
  readonly name: string;
  readonly body: Spooled;
}

/**
 * Stores the files of a form, all of them or none that comes after the first that is refused. A file lies in
 * `<category>/<entityId>/<subcategory>/` of the user's tree, or at the top where the form names no category. The fields
 * may come after the files, so those wait on the disk.
 */
export async function storeForm(
  services: Services,
  request: FastifyRequest,
  userId: UserId,
  defaults: { readonly category?: string } = {},
): Promise<NodeId[]> {
  await refuseWhatCannotFit(services, request, userId);
  const received: Received[] = [];
  try {
    const given: Record<string, string> = {};
    const limits = { files: FILES_MAX, fieldSize: FORM_BYTES, fields: 50 };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') given[part.fieldname] = String(part.value);
      else received.push({ name: plainName(part.filename), body: await spool(services, part.file) });
    }
    if (received.length === 0) throw refuse('malformed', 'No file provided. Send it in the field "file" or "files".');
    const parsed = Fields.safeParse({ ...defaults, ...nonEmpty(given) });
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw refuse(
        'malformed',
        `The form is not understood (${issue?.path.join('.')}: ${issue?.message}). Correct it.`,
      );
    }
    const ids: NodeId[] = [];
    for (const file of received) ids.push(await store(services, userId, file, parsed.data));
    return ids;
  } finally {
    for (const { body } of received) await body.remove();
  }
}

/** What is longer than all the room there is need not be sent first. */
async function refuseWhatCannotFit({ db }: Services, request: FastifyRequest, userId: UserId): Promise<void> {
  const coming = Number(request.headers['content-length'] ?? 0) - FORM_BYTES;
  const room = await roomOf(db.read, userId);
  if (room.limitBytes !== null && room.usedBytes + room.reservedBytes + coming > room.limitBytes) {
    throw quotaExceeded(room, coming);
  }
}

async function store(
  services: Services,
  userId: UserId,
  { name, body }: Received,
  { category, subcategory, metadata, ...fields }: UploadFields,
): Promise<NodeId> {
  const { db, wakeups } = services;
  const now = Date.now();
  const entityId = fields.entityId ?? fields.package_name;
  const folders = category === undefined ? [] : [category, entityId ?? [], subcategory ?? []].flat();
  const parentId = await folderAt(db.write, userId, folders, now);
  const node = await underFreeName(db.read, userId, parentId, name, (free) =>
    ingest(services, userId, body, { parentId, name: free, mtimeMs: now }),
  );
  const said = { category, subcategory, entityId };
  if (Object.values(said).some((value) => value !== undefined)) {
    await editNode(db.write, userId, node.id, () => undefined, said);
  }
  if (metadata !== undefined) {
    await sql`update nodes set attributes = ${JSON.stringify(metadata)}
      where user_id = ${userId} and id = ${node.id}`.execute(db.write);
  }
  wakeups.changed(userId);
  return node.id;
}

/** The last part of whatever path a browser sends, without what no name may hold. */
function plainName(sent: string | undefined): string {
  const last = (sent ?? '').split(/[/\\]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  const clean = last.replace(/[\u0000-\u001f\u007f]/g, '_').trim();
  return clean === '' || clean === '.' || clean === '..' ? 'file' : withSuffix(clean, '');
}

const nonEmpty = (given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''));
