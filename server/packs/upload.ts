import { v7 as uuid } from 'uuid';
import type { OperationResult } from '../../shared/api/nodes.ts';
import type { ContentId, UserId } from '../../shared/ids.ts';
import { wireName } from '../../shared/names.ts';
import { objectKey } from '../content/objectKey.ts';
import { insertObjects, type NewObject, storedContents } from '../content/objects.ts';
import type { SmallObject } from '../content/store.ts';
import { lockUser } from '../db/locks.ts';
import type { Db } from '../db/schema.ts';
import { diskFull, isDiskFull } from '../diskFull.ts';
import { keepApart } from '../quarantine/keep.ts';
import { tooLarge } from '../quota/fileLimit.ts';
import { Refusal, refuse } from '../refusal.ts';
import { inMemory } from '../screening/screen.ts';
import type { Services } from '../services.ts';
import { type PutPlan, planFiles, writeFiles } from '../tree/putFiles.ts';
import { isSound, type PackFile, parsePack } from './parse.ts';

/**
 * Stores a pack of small files: one group on the disk, one transaction, one answer. A result for each file in order; a
 * refused file holds up none of the others.
 */
export async function uploadPack(services: Services, userId: UserId, pack: Uint8Array): Promise<OperationResult[]> {
  const files = parsePack(pack);
  const outcomes = new Map<PackFile, OperationResult>();
  const refused = (file: PackFile, refusal: Refusal) => outcomes.set(file, { ok: false, problem: refusal.problem });

  const sound = files.filter((file) => {
    const fault = faultOf(file, services.config.maxFileBytes);
    if (fault) refused(file, fault);
    return !fault;
  });
  // What is refused already is not written first. What is not may still be, in the transaction.
  const ahead = await planFiles(
    services.db.read,
    userId,
    sound.map(({ file }) => file),
    Date.now(),
  );
  const welcome: PackFile[] = [];
  for (const [i, file] of sound.entries()) {
    const outcome = ahead.outcomes[i];
    const refusal = outcome instanceof Refusal ? outcome : await screened(services, userId, file);
    if (refusal) refused(file, refusal);
    else welcome.push(file);
  }
  if (welcome.length > 0) {
    const results = await storeWhatFits(services, userId, welcome, ahead);
    for (const [i, file] of welcome.entries()) {
      const result = results[i];
      if (result) outcomes.set(file, result);
    }
  }
  return files.flatMap((file) => outcomes.get(file) ?? []);
}

/** Why it may not be stored; what belongs into quarantine is there then. */
async function screened(services: Services, userId: UserId, { file, bytes }: PackFile): Promise<Refusal | undefined> {
  const objection = await services.screen?.check(userId, file.name, inMemory(file.contentId, bytes));
  if (!objection) return undefined;
  const { refusal, quarantine } = objection;
  if (quarantine !== null) {
    const { chunks, ...put } = file;
    const { main } = services.content;
    await keepApart(services, userId, { put, chunks, why: quarantine, store: main.name }, (key) =>
      main.putSmall([{ key, bytes }]),
    );
  }
  return refusal;
}

function faultOf(file: PackFile, maxFileBytes: number): Refusal | undefined {
  if (file.bytes.length > maxFileBytes) return tooLarge(maxFileBytes);
  if (isSound(file)) return undefined;
  return refuse('hash-mismatch', `The bytes of "${file.file.name}" are not those of its chunk list. Send it again.`);
}

/** Where the disk has no room for all of them, each half is tried on its own: what fits is stored. */
async function storeWhatFits(
  services: Services,
  userId: UserId,
  files: readonly PackFile[],
  ahead: PutPlan,
): Promise<OperationResult[]> {
  try {
    return await store(services, userId, files, ahead);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
  if (files.length === 1) return [{ ok: false, problem: diskFull().problem }];
  const half = Math.ceil(files.length / 2);
  return [
    ...(await storeWhatFits(services, userId, files.slice(0, half), ahead)),
    ...(await storeWhatFits(services, userId, files.slice(half), ahead)),
  ];
}

async function store(
  services: Services,
  userId: UserId,
  files: readonly PackFile[],
  ahead: PutPlan,
): Promise<OperationResult[]> {
  const { content, db } = services;
  const stored = await storedContents(db.read, userId, [...ahead.contents]);
  const coming = new Map<ContentId, NewObject & SmallObject>();
  for (const { file, bytes } of files) {
    if (!ahead.contents.has(file.contentId) || stored.has(file.contentId)) continue;
    if (!coming.has(file.contentId)) coming.set(file.contentId, newObject(services, userId, file, bytes));
  }
  const at = await content.putSmall([...coming.values()]);
  const fresh = new Map([...coming].map(([id, object]) => [id, { ...object, store: at }]));
  let results: OperationResult[];
  let used: ReadonlySet<ContentId>;
  try {
    ({ results, used } = await db.write.transaction().execute((trx) => record(trx, userId, files, fresh)));
  } catch (error) {
    // After a fault nobody knows what was committed: the objects stay.
    if (error instanceof Refusal || isDiskFull(error)) await content.remove([...fresh.values()]);
    throw error;
  }
  await content.remove([...fresh.values()].filter(({ contentId }) => !used.has(contentId)));
  services.wakeups.changed(userId);
  return results;
}

function newObject(services: Services, userId: UserId, file: PackFile['file'], bytes: Uint8Array) {
  const objectId = uuid();
  const key = objectKey(userId, wireName(file.name), objectId);
  const { contentId, size, chunks } = file;
  return { contentId, objectId, store: services.content.main.name, key, size, chunks, bytes };
}

/** `used`: the fresh objects that are known now; the others were stored by somebody else meanwhile, or refused. */
async function record(
  trx: Db,
  userId: UserId,
  files: readonly PackFile[],
  fresh: ReadonlyMap<ContentId, NewObject>,
): Promise<{ results: OperationResult[]; used: ReadonlySet<ContentId> }> {
  await lockUser(trx, userId);
  const now = Date.now();
  const plan = await planFiles(
    trx,
    userId,
    files.map(({ file }) => file),
    now,
  );
  const stored = await storedContents(trx, userId, [...plan.contents]);
  const missing = [...plan.contents].filter((id) => !stored.has(id));
  const objects = missing.flatMap((id) => fresh.get(id) ?? []);
  if (objects.length < missing.length) throw refuse('unavailable', 'The same content was removed just now. Try again.');
  await insertObjects(trx, userId, objects, now);
  return { results: await writeFiles(trx, userId, plan), used: new Set(missing) };
}
