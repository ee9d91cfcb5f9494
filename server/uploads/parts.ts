import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { UploadId, UserId } from '../../shared/ids.ts';
import type { PlacedChunk } from '../content/store.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { type LiveUpload, liveUpload } from './live.ts';
import { type PlannedPart, plannedPart, sentChunks } from './planned.ts';
import { receive } from './receive.ts';
import { note, noteBooked } from './recover.ts';
import { findUpload, SESSION_MS, type Upload, uploadMismatch } from './session.ts';
import { stagedPart } from './sources.ts';

export interface PartBody {
  readonly bytes: Readable;
  /** In bytes; null when its head does not say, and it is the whole part. */
  readonly length: number | null;
}

/** An expiry this much later, in ms, is worth a write. */
const EXPIRY_STEP_MS = 3_600_000;

/**
 * Receives a part, or what was missing of it when the client asked. It counts once every byte is written and every chunk
 * has proved right; of a body that is wrong or breaks off the chunks before that stay. Sending a part again is fine at any
 * time.
 */
export async function receivePart(
  services: Services,
  userId: UserId,
  id: UploadId,
  number: number,
  body: PartBody,
): Promise<void> {
  const upload = await findUpload(services.db.read, userId, id);
  if (upload.state === 'completed') return drain(body);
  const live = await liveUpload(services, upload);
  const part = await plannedPart(services.db.read, id, number);
  if (!part) throw uploadMismatch(`There is no part ${number}. Ask for the upload's status.`);
  await takeOver(live, number);
  await noteBooked(services.db.read, upload, live, [part]);
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
  body: PartBody,
  signal: AbortSignal,
): Promise<void> {
  const chunks = await sentChunks(services.db.read, upload.id, part);
  const first = firstSent(chunks, live.begun.get(part.part) ?? 0, body.length);
  const coming = chunks.slice(first);
  const placed = await stagedPart(services.db.read, part);
  const staged = services.content.of(upload.store).staged(upload.id);
  const receiver = staged.receive({ ...placed, before: chunks.slice(0, first), coming });
  const { chunks: arrived, lost } = await receive(body.bytes, receiver, signal);
  note(live, part.part, Math.max(first + arrived, live.begun.get(part.part) ?? 0), chunks.length);
  live.behind.wrote(bytesOf(coming.slice(0, arrived)));
  if (lost) throw lost.reason;
  if (arrived < coming.length) {
    throw refuse('hash-mismatch', 'The bytes are not those of the chunk list. Ask for the status and send the rest.');
  }
}

/**
 * The chunk that a body begins with. A client that asked when more was missing than is now sends more: its length tells
 * where it begins.
 */
function firstSent(chunks: readonly PlacedChunk[], begun: number, length: number | null): number {
  if (length === null) return 0;
  let left = bytesOf(chunks);
  for (let first = 0; first <= begun; first += 1) {
    if (left === length) return first;
    left -= chunks[first]?.length ?? 0;
  }
  throw uploadMismatch('The part is not as long as what is missing of it. Ask for the status and send that.');
}

const bytesOf = (chunks: readonly PlacedChunk[]): number => chunks.reduce((sum, { length }) => sum + length, 0);

async function drain({ bytes }: PartBody): Promise<void> {
  bytes.resume();
  await finished(bytes, { writable: false });
}

async function extend(services: Services, upload: Upload): Promise<void> {
  const expiresAt = Date.now() + SESSION_MS;
  if (expiresAt - upload.expires_at < EXPIRY_STEP_MS) return;
  await services.db.progress((trx) =>
    trx.updateTable('uploads').set({ expires_at: expiresAt }).where('id', '=', upload.id).execute(),
  );
}
