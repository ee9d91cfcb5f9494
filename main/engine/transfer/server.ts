import type { z } from 'zod';
import { ChangesPage, CURSOR_HEADER, type Cursor, SharedHistory } from '../../../shared/api/changes.ts';
import { ChunkList } from '../../../shared/api/content.ts';
import { type EnrolDevice, EnrolledDevice, Me, type OpenSession, Session } from '../../../shared/api/devices.ts';
import { EVENTS_SILENCE_MS } from '../../../shared/api/limits.ts';
import { Node, type Operation, type OperationResult, OperationsResponse } from '../../../shared/api/nodes.ts';
import { PACK_MEDIA_TYPE, PackUploadResponse } from '../../../shared/api/packs.ts';
import { paths } from '../../../shared/api/paths.ts';
import { type AppendManifest, ManifestResponse, type OpenUpload, UploadStatus } from '../../../shared/api/uploads.ts';
import type { ContentId, NodeId, UploadId } from '../../../shared/ids.ts';
import type { Clock } from '../ports.ts';
import { cancelled, isProblem, ServerFailure, unauthenticated } from './failure.ts';
import { type Download, HttpClient, type HttpRequest, type Traffic } from './http.ts';
import { type BodySource, bytesBody } from './requestBody.ts';

export { type FailureReason, isProblem, ServerFailure } from './failure.ts';
export type { Download, Traffic } from './http.ts';
export type { BodySource } from './requestBody.ts';

/**
 * The server as the engine sees it. Every method rejects with ServerFailure and with nothing else, but for what a
 * `BodySource` itself throws. Nothing is retried here, except once with a new session where the old one had run out.
 */
export interface ServerApi {
  /** Makes this device known; the proof is an enrolment token. */
  enrol(token: string, device: EnrolDevice, signal?: AbortSignal): Promise<EnrolledDevice>;
  /** Whose sessions all further requests use. */
  signIn(device: OpenSession): void;
  me(signal?: AbortSignal): Promise<Me>;
  /** Up to where the history is known from now on: changes of the tree are refused by a server that has another one. */
  follow(cursor: Cursor): void;
  changes(cursor: Cursor, signal?: AbortSignal): Promise<ChangesPage>;
  /** What the server still has of the history in which these cursors were given. */
  sharedHistory(checkpoints: readonly Cursor[], signal?: AbortSignal): Promise<SharedHistory>;
  /** One node as it is now; undefined: the server knows none by this id. */
  node(id: NodeId, signal?: AbortSignal): Promise<Node | undefined>;
  /** One result for each operation, in order. */
  operations(operations: readonly Operation[], signal?: AbortSignal): Promise<readonly OperationResult[]>;

  openUpload(upload: OpenUpload, signal?: AbortSignal): Promise<UploadStatus>;
  appendManifest(id: UploadId, piece: AppendManifest, signal?: AbortSignal): Promise<ManifestResponse>;
  putPart(id: UploadId, part: number, body: BodySource, signal?: AbortSignal): Promise<void>;
  completeUpload(id: UploadId, contentId: ContentId, signal?: AbortSignal): Promise<Node>;
  uploadStatus(id: UploadId, signal?: AbortSignal): Promise<UploadStatus>;
  abortUpload(id: UploadId, signal?: AbortSignal): Promise<void>;

  /** Sends a pack (see shared/api/packs.ts); one result for each of its files, in order. */
  packUpload(pack: Uint8Array, signal?: AbortSignal): Promise<readonly OperationResult[]>;
  /** The pack of these files, as it arrives. */
  packDownload(
    files: readonly { nodeId: NodeId; contentId: ContentId }[],
    signal?: AbortSignal,
  ): Promise<AsyncIterable<Buffer>>;

  chunks(nodeId: NodeId, contentId: ContentId, signal?: AbortSignal): Promise<ChunkList>;
  /** Bytes [start, end) of a version; null: all of it. */
  content(
    nodeId: NodeId,
    contentId: ContentId,
    range: { readonly start: number; readonly end: number } | null,
    signal?: AbortSignal,
  ): Promise<Download>;
  /** Raw text of the server-sent events. */
  events(signal?: AbortSignal): Promise<AsyncIterable<Buffer>>;

  /** What lies beyond sync, for who shows the library: the request goes out as this device. */
  ask<T extends z.ZodType>(request: SignedRequest, schema: T): Promise<z.infer<T>>;
  /** The same for an answer that is bytes. */
  fetch(request: SignedRequest): Promise<Download>;

  /** Bytes a second for all transfers together; null: no limit. */
  setLimits(limitUp: number | null, limitDown: number | null): void;
  traffic(): Traffic;
  close(): void;
}

/** A request of which the session is not the caller's business. */
export type SignedRequest = Omit<HttpRequest, 'bearer' | 'body'>;

export interface ServerConnection {
  /** `https://host`; plain http to this computer only. */
  readonly url: string;
  readonly clock: Clock;
  readonly limitUp: number | null;
  readonly limitDown: number | null;
}

/** A server may take this long, in ms, to put a large file in place before it answers. */
const COMPLETE_SILENCE_MS = 10 * 60_000;

/** Signing in is a matter of moments, and whoever starts a client waits for it: this long, in ms. */
export const SIGN_IN_SILENCE_MS = 10_000;

/** Content is sent as it is: most of it is compressed already, and unpacking costs more than it saves. */
const IDENTITY = { 'accept-encoding': 'identity' };

/** Connects nothing yet. Throws ServerFailure when the address is refused. */
export function connectServer({ url, clock, limitUp, limitDown }: ServerConnection): ServerApi {
  const http = new HttpClient(url, clock, limitUp, limitDown);
  const session = new DeviceSession(http);
  const signedIn = <T>(signal: AbortSignal | undefined, send: (bearer: string) => Promise<T>): Promise<T> =>
    session.with(send, signal);
  let followed: Cursor = '0';
  const inHistory = () => ({ [CURSOR_HEADER]: followed });
  const get = (path: string, more: Partial<HttpRequest>): HttpRequest => ({ method: 'GET', path, ...more });
  const post = (path: string, more: Partial<HttpRequest>): HttpRequest => ({ method: 'POST', path, ...more });

  return {
    enrol: (token, device, signal) =>
      http.json(
        post(paths.devices, { json: device, bearer: token, signal, silenceMs: SIGN_IN_SILENCE_MS }),
        EnrolledDevice,
      ),
    signIn: (device) => session.use(device),
    me: (signal) =>
      signedIn(signal, (bearer) => http.json(get(paths.me, { bearer, signal, silenceMs: SIGN_IN_SILENCE_MS }), Me)),
    changes: (cursor, signal) =>
      signedIn(signal, (bearer) => http.json(get(paths.changes, { query: { cursor }, bearer, signal }), ChangesPage)),
    follow: (cursor) => {
      followed = cursor;
    },
    sharedHistory: (checkpoints, signal) =>
      signedIn(signal, (bearer) =>
        http.json(post(paths.checkpoints, { json: { checkpoints }, bearer, signal }), SharedHistory),
      ),
    node: async (id, signal) => {
      try {
        return await signedIn(signal, (bearer) => http.json(get(paths.node(id), { bearer, signal }), Node));
      } catch (error) {
        if (isProblem(error, 'not-found')) return undefined;
        throw error;
      }
    },
    operations: (operations, signal) =>
      signedIn(signal, async (bearer) => {
        const request = post(paths.operations, { json: { operations }, headers: inHistory(), bearer, signal });
        return (await http.json(request, OperationsResponse)).results;
      }),

    openUpload: (upload, signal) =>
      signedIn(signal, (bearer) =>
        http.json(post(paths.uploads, { json: upload, headers: inHistory(), bearer, signal }), UploadStatus),
      ),
    appendManifest: (id, piece, signal) =>
      signedIn(signal, (bearer) =>
        http.json(post(paths.uploadManifest(id), { json: piece, bearer, signal }), ManifestResponse),
      ),
    putPart: (id, part, body, signal) =>
      signedIn(signal, (bearer) =>
        http.done({ method: 'PUT', path: paths.uploadPart(id, part), body, bearer, signal }),
      ),
    completeUpload: (id, contentId, signal) =>
      signedIn(signal, (bearer) => {
        const more = { json: { contentId }, headers: inHistory(), bearer, signal, silenceMs: COMPLETE_SILENCE_MS };
        return http.json(post(paths.uploadComplete(id), more), Node);
      }),
    uploadStatus: (id, signal) =>
      signedIn(signal, (bearer) => http.json(get(paths.upload(id), { bearer, signal }), UploadStatus)),
    abortUpload: (id, signal) =>
      signedIn(signal, (bearer) => http.done({ method: 'DELETE', path: paths.upload(id), bearer, signal })),

    packUpload: (pack, signal) =>
      signedIn(signal, async (bearer) => {
        const headers = { 'content-type': PACK_MEDIA_TYPE, ...inHistory() };
        const request = post(paths.packUpload, { body: bytesBody(pack), headers, bearer, signal });
        return (await http.json(request, PackUploadResponse)).results;
      }),
    packDownload: (files, signal) =>
      signedIn(signal, (bearer) =>
        http.download(post(paths.packDownload, { json: { files }, headers: IDENTITY, bearer, signal })),
      ),

    chunks: (nodeId, contentId, signal) =>
      signedIn(signal, (bearer) =>
        http.json(get(paths.chunks(nodeId), { query: { content: contentId }, bearer, signal }), ChunkList),
      ),
    content: (nodeId, contentId, range, signal) =>
      signedIn(signal, (bearer) => {
        const headers = { ...IDENTITY, ...(range && { range: `bytes=${range.start}-${range.end - 1}` }) };
        return http.download(get(paths.content(nodeId), { query: { content: contentId }, headers, bearer, signal }));
      }),
    events: (signal) =>
      signedIn(signal, (bearer) => {
        const headers = { accept: 'text/event-stream' };
        return http.download(get(paths.events, { headers, bearer, signal, silenceMs: EVENTS_SILENCE_MS }));
      }),

    ask: (request, schema) => signedIn(request.signal, (bearer) => http.json({ ...request, bearer }, schema)),
    fetch: (request) =>
      signedIn(request.signal, (bearer) =>
        http.download({ ...request, headers: { ...IDENTITY, ...request.headers }, bearer }),
      ),

    setLimits: (limitUp, limitDown) => http.setLimits(limitUp, limitDown),
    traffic: () => http.traffic,
    close: () => http.close(),
  };
}

/** Turns the device's secret into access tokens, kept in memory only; requests in parallel share one. */
class DeviceSession {
  readonly #http: HttpClient;
  #device: OpenSession | undefined;
  #token: Promise<string> | undefined;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  use(device: OpenSession): void {
    this.#device = device;
    this.#token = undefined;
  }

  /** Who gives up leaves the opening of the session to those who share it. */
  async with<T>(send: (bearer: string) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const token = this.#accessToken();
    try {
      return await send(await unlessAborted(token, signal));
    } catch (error) {
      if (!isUnauthenticated(error) || this.#token === undefined) throw error;
    }
    if (this.#token === token) this.#token = undefined;
    return send(await unlessAborted(this.#accessToken(), signal));
  }

  #accessToken(): Promise<string> {
    this.#token ??= this.#open();
    return this.#token;
  }

  async #open(): Promise<string> {
    try {
      if (this.#device === undefined) throw unauthenticated();
      const request: HttpRequest = {
        method: 'POST',
        path: paths.sessions,
        json: this.#device,
        silenceMs: SIGN_IN_SILENCE_MS,
      };
      return (await this.#http.json(request, Session)).accessToken;
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }
}

/** The promise's value; rejects as cancelled as soon as the signal says so. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(cancelled());
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const isUnauthenticated = (error: unknown): boolean =>
  error instanceof ServerFailure && error.reason.kind === 'unauthenticated';
