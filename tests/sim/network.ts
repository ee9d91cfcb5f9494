import { cancelled, offline, ServerFailure, unauthenticated } from '../../main/engine/transfer/failure.ts';
import type { BodySource, Download, ServerApi } from '../../main/engine/transfer/server.ts';
import type { Cursor } from '../../shared/api/changes.ts';
import type { EnrolledDevice } from '../../shared/api/devices.ts';
import { DeviceId, UserId } from '../../shared/ids.ts';
import type { Chance } from './chance.ts';
import type { ModelServer } from './modelServer.ts';
import { Refused } from './modelServer.ts';
import type { ModelUploads } from './modelUploads.ts';
import type { Owner, Scheduler } from './scheduler.ts';

/** How likely each thing is to go wrong with a request. */
export interface NetworkFaults {
  readonly requestLost: number;
  readonly replyLost: number;
  readonly duplicated: number;
  /** The server fails, or asks to come back later. */
  readonly busy: number;
  /** A body ends early. */
  readonly torn: number;
  /** A body arrives with a wrong byte. */
  readonly damaged: number;
  /** An event never arrives. */
  readonly silent: number;
}

export const NO_FAULTS: NetworkFaults = {
  requestLost: 0,
  replyLost: 0,
  duplicated: 0,
  busy: 0,
  torn: 0,
  damaged: 0,
  silent: 0,
};

interface Asked<T> {
  readonly signal?: AbortSignal | undefined;
  readonly describe?: (result: T) => string;
}

const USER = UserId.parse('00000000-0000-7000-8000-00000000000a');

/** The server with its network: what is sent arrives later, once, twice or never, and so do the answers. */
export class Network {
  readonly server: ModelServer;
  readonly uploads: ModelUploads;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #self: Owner = { alive: true };
  readonly #listeners = new Set<() => void>();
  readonly #trace: (text: () => string) => void;
  faults: NetworkFaults = NO_FAULTS;
  /** false: nothing answers. */
  up = true;
  requests = 0;

  constructor(
    scheduler: Scheduler,
    chance: Chance,
    server: ModelServer,
    uploads: ModelUploads,
    trace: (text: () => string) => void,
  ) {
    this.#scheduler = scheduler;
    this.#chance = chance;
    this.server = server;
    this.uploads = uploads;
    this.#trace = trace;
    server.onChange = () => {
      for (const listener of this.#listeners) listener();
    };
  }

  connect(owner: Owner, device: string): ServerApi {
    const { server, uploads } = this;
    let signedIn = false;
    let followed: Cursor = '0';
    /** The device's idea of the history goes with the request. */
    const inHistory = <T>(effect: () => T): (() => T) => {
      const cursor = followed;
      return () => {
        server.checkHistory(cursor);
        return effect();
      };
    };
    const ask = <T>(what: string, effect: () => T, more: Asked<T> = {}): Promise<T> => {
      if (!signedIn) return Promise.reject(unauthenticated());
      return this.#request(owner, `${device} ${what}`, effect, more);
    };
    const read = async (body: BodySource): Promise<Uint8Array> => {
      const pieces: Uint8Array[] = [];
      for await (const piece of body.pieces()) pieces.push(piece.slice());
      return Buffer.concat(pieces);
    };
    return {
      enrol: (_token, { name }) => this.#request(owner, `${device} enrol`, () => enrolled(name)),
      signIn: () => {
        signedIn = true;
      },
      me: () =>
        ask('me', () => ({
          userId: USER,
          name: 'A',
          role: 'user' as const,
          plan: 'free',
          hasPassword: false,
          serverId: 'server',
          maxFileBytes: 2 ** 31,
        })),
      changes: (cursor, signal) =>
        ask(`changes ${cursor}`, () => server.changes(cursor), { signal, describe: ({ cursor: to }) => `to ${to}` }),
      follow: (cursor) => {
        followed = cursor;
      },
      sharedHistory: (checkpoints, signal) =>
        ask('shared history', () => server.sharedHistory(checkpoints), { signal }),
      node: async (id, signal) => {
        try {
          return await ask(`node ${id}`, () => server.node(id), { signal });
        } catch (error) {
          if (error instanceof ServerFailure && error.reason.kind === 'problem') return undefined;
          throw error;
        }
      },
      operations: (operations) =>
        ask(
          `operations ${JSON.stringify(operations)}`,
          inHistory(() => server.operations(operations)),
          {
            describe: (results) => results.map((result) => (result.ok ? 'ok' : result.problem.code)).join(' '),
          },
        ),
      openUpload: (upload, signal) =>
        ask(
          `open upload ${upload.name}`,
          inHistory(() => uploads.open(upload)),
          { signal },
        ),
      appendManifest: (id, piece, signal) => ask('manifest', () => uploads.append(id, piece), { signal }),
      putPart: async (id, part, body, signal) => {
        const bytes = await read(body);
        await ask(`part ${part}`, () => uploads.part(id, part, bytes), { signal });
      },
      completeUpload: (id, contentId, signal) =>
        ask(
          'complete upload',
          inHistory(() => uploads.complete(id, contentId)),
          { signal },
        ),
      uploadStatus: (id, signal) => ask('upload status', () => uploads.status(id), { signal }),
      abortUpload: (id) => ask('abort upload', () => uploads.abort(id)),
      packUpload: (pack) =>
        ask(
          'pack upload',
          inHistory(() => server.packUpload(pack)),
          {
            describe: (results) =>
              results.map((result) => (result.ok ? result.nodes[0]?.name : result.problem.code)).join(' '),
          },
        ),
      packDownload: async (files) => {
        const pieces = await ask('pack download', () => server.packDownload(files));
        return this.#body(owner, Buffer.concat(pieces));
      },
      chunks: (nodeId, contentId) => ask('chunks', () => server.chunks(nodeId, contentId)),
      content: async (nodeId, contentId, range): Promise<Download> => {
        const bytes = await ask('content', () => server.content(nodeId, contentId));
        const body = this.#body(owner, Buffer.from(range ? bytes.slice(range.start, range.end) : bytes));
        return { ...body, status: range ? 206 : 200, contentRange: undefined };
      },
      events: async (signal) => {
        await ask('events', () => undefined);
        return this.#events(owner, signal);
      },
      ask: () => Promise.reject(unauthenticated()),
      fetch: () => Promise.reject(unauthenticated()),
      setLimits: () => undefined,
      traffic: () => ({ bytesSent: 0, bytesReceived: 0 }),
      close: () => undefined,
    };
  }

  /** Every connection ends. What had arrived was taken in; what was under way is lost. */
  crash(): void {
    this.up = false;
    this.uploads.crash(() => this.#chance.happens(0.5));
    for (const listener of this.#listeners) listener();
  }

  #request<T>(owner: Owner, what: string, effect: () => T, { signal, describe }: Asked<T> = {}): Promise<T> {
    const { requestLost, replyLost, duplicated, busy } = this.faults;
    const fate = this.#chance.fraction();
    const again = this.#chance.happens(duplicated);
    this.requests += 1;
    return new Promise<T>((resolve, reject) => {
      const answer = (how: () => void): void => this.#scheduler.task(owner, how);
      const lose = (why: string): void => {
        this.#trace(() => `${what}: ${why}`);
        answer(() => reject(offline('ECONNRESET')));
      };
      signal?.addEventListener('abort', () => answer(() => reject(cancelled())));
      if (fate < requestLost) return lose('lost');
      this.#scheduler.task(this.#self, () => {
        if (!this.up) return lose('nobody there');
        if (fate < requestLost + busy) {
          this.#trace(() => `${what}: busy`);
          return answer(() => reject(new ServerFailure({ kind: 'busy', retryAfterMs: null }, 'busy')));
        }
        try {
          const result = effect();
          // Sent again by something in between, before the first answer was through.
          if (again) this.#repeat(effect, what);
          if (fate > 1 - replyLost) return lose('done, answer lost');
          this.#trace(() => `${what}: ${describe ? describe(result) : 'ok'}`);
          answer(() => resolve(result));
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          this.#trace(() => `${what}: refused, ${error.problem.code}`);
          answer(() => reject(new ServerFailure({ kind: 'problem', problem: error.problem }, error.problem.title)));
        }
      });
    });
  }

  #repeat(effect: () => unknown, what: string): void {
    try {
      effect();
      this.#trace(() => `${what}: arrived twice`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  #body(owner: Owner, bytes: Buffer): AsyncIterable<Buffer> {
    const { torn, damaged } = this.faults;
    const fate = this.#chance.fraction();
    const at = this.#chance.below(bytes.length + 1);
    const turn = (): Promise<void> => new Promise((resolve) => this.#scheduler.task(owner, resolve));
    return {
      async *[Symbol.asyncIterator]() {
        await turn();
        if (fate < torn) {
          yield bytes.subarray(0, at);
          throw offline('ECONNRESET');
        }
        const sent = Buffer.from(bytes);
        const wrong = sent.length - 1 - (at % 3);
        if (fate > 1 - damaged && sent[wrong] !== undefined) sent[wrong] ^= 1;
        yield sent;
      },
    };
  }

  #events(owner: Owner, signal: AbortSignal | undefined): AsyncIterable<Buffer> {
    let wake = (): void => undefined;
    let told = this.server.seq;
    const listener = (): void => {
      if (!this.up || !this.#chance.happens(this.faults.silent)) this.#scheduler.task(owner, () => wake());
    };
    this.#listeners.add(listener);
    const end = (): void => {
      this.#listeners.delete(listener);
      wake();
    };
    signal?.addEventListener('abort', end);
    const network = this;
    return {
      async *[Symbol.asyncIterator]() {
        while (network.up && !signal?.aborted) {
          if (network.server.seq !== told) {
            told = network.server.seq;
            yield Buffer.from(`event: changes\ndata: {"head":${told}}\n\n`);
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
        network.#listeners.delete(listener);
      },
    };
  }
}

const enrolled = (name: string): EnrolledDevice => {
  const number = name.charCodeAt(0).toString(16).padStart(12, '0');
  return {
    deviceId: DeviceId.parse(`00000000-0000-7000-8000-${number}`),
    secret: 's',
    userId: USER,
    serverId: 'server',
  };
};
