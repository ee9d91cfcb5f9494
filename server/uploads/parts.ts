import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { UploadId, UserId } from '../../shared/ids.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { type LiveUpload, liveUpload } from './live.ts';
import { type PlannedPart, plannedPart, sentChunks } from './planned.ts';
import { receive } from './receive.ts';
import { findUpload, SESSION_MS, type Upload, uploadMismatch } from './session.ts';

/** An expiry this much later, in ms, is worth a write. */
const EXPIRY_STEP_MS = 3_600_000;

/**
 * Receives a part. It counts once every byte is written and every chunk has proved right; a wrong or broken body leaves
 * it unreceived. Sending a part again is fine at any time.
 */
export async function receivePart(
  services: Services,
  userId: UserId,
  id: UploadId,
  number: number,
  body: Readable,
): Promise<void> {
  const upload = await findUpload(services.db.read, userId, id);
  if (upload.state === 'completed') return drain(body);
  const live = await liveUpload(services, upload);
  const part = await plannedPart(services.db.read, id, number);
  if (!part) throw uploadMismatch(`There is no part ${number}. Ask for the upload's status.`);
  await takeOver(live, number);
  if (part.send.length === 0 || live.received.has(number)) return drain(body);

  const abort = new AbortController();
  const ended = store(services, upload, live, part, body, abort.signal);
  const entry = { abort, ended: ended.catch(() => undefined) };
  live.receiving.set(number, entry);
  try {
    await ended;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    throw refuse('unavailable', 'A newer request took over this part, or its upload was aborted. Ask for the status.');
  } finally {
    if (live.receiving.get(number) === entry) live.receiving.delete(number);
  }
  await extend(services, upload);
}

/** A client that sends a part again has given up on the connection that carried it before. */
async function takeOver(live: LiveUpload, part: number): Promise<void> {
  for (let before = live.receiving.get(part); before; before = live.receiving.get(part)) {
    before.abort.abort();
    await before.ended;
    if (live.receiving.get(part) === before) live.receiving.delete(part);
  }
}

async function store(
  services: Services,
  upload: Upload,
  live: LiveUpload,
  part: PlannedPart,
  body: Readable,
  signal: AbortSignal,
): Promise<void> {
  const chunks = await sentChunks(services.db.read, upload.id, part);
  const whole = await receive(body, services.content.staged(upload.id).receive(part.send, chunks), signal);
  if (!whole) throw refuse('hash-mismatch', 'The bytes are not those of the chunk list. Send the part again.');
  live.received.add(part.part);
  live.behind.wrote(part.length);
}

async function drain(body: Readable): Promise<void> {
  body.resume();
  await finished(body, { writable: false });
}

async function extend(services: Services, upload: Upload): Promise<void> {
  const expiresAt = Date.now() + SESSION_MS;
  if (expiresAt - upload.expires_at < EXPIRY_STEP_MS) return;
  await services.db.progress((trx) =>
    trx.updateTable('uploads').set({ expires_at: expiresAt }).where('id', '=', upload.id).execute(),
  );
}
