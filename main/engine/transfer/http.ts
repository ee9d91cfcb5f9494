import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosResponse } from 'axios';
import type { z } from 'zod';
import { MiB } from '../../../shared/bytes.ts';
import type { Clock } from '../ports.ts';
import { cancelled, failureOf, failureOfAnswer, notDriftless, offline, ServerFailure } from './failure.ts';
import { RateLimiter } from './rateLimiter.ts';
import { type BodySource, RequestBody } from './requestBody.ts';
import { SILENCE_MS, SilenceTimer } from './silence.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as bytes. */
  readonly json?: unknown;
  readonly body?: BodySource;
  readonly bearer?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The other end may be silent for so many ms before it counts as gone. */
  readonly silenceMs?: number;
}

/** Body bytes since the connection was made. */
export interface Traffic {
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Body bytes as they arrive; ends by itself or throws ServerFailure. Leaving the loop ends the connection. */
export interface Download extends AsyncIterable<Buffer> {
  readonly status: number;
  /** Media type as the answer names it. */
  readonly type?: string | undefined;
  /** `bytes a-b/size` of a partial answer. */
  readonly contentRange: string | undefined;
}

/** An error's text is read no further than this. */
const MAX_ERROR_BYTES = 1 * MiB;

/** HTTP to one server: no redirects, no retries, connections kept. Every failure is a ServerFailure. */
export class HttpClient {
  readonly #baseUrl: string;
  readonly #httpAgent = new HttpAgent({ keepAlive: true, maxFreeSockets: 8 });
  readonly #httpsAgent = new HttpsAgent({ keepAlive: true, maxFreeSockets: 8 });
  readonly #up: RateLimiter;
  readonly #down: RateLimiter;
  readonly #direct: boolean;
  #bytesSent = 0;
  #bytesReceived = 0;

  /** `limitUp`, `limitDown`: bytes a second, null for no limit. Throws ServerFailure for an address it refuses. */
  constructor(url: string, clock: Clock, limitUp: number | null, limitDown: number | null) {
    const { origin, isLoopback } = serverAddress(url);
    this.#baseUrl = origin;
    this.#direct = isLoopback;
    this.#up = new RateLimiter(limitUp, clock);
    this.#down = new RateLimiter(limitDown, clock);
  }

  get traffic(): Traffic {
    return { bytesSent: this.#bytesSent, bytesReceived: this.#bytesReceived };
  }

  setLimits(limitUp: number | null, limitDown: number | null): void {
    this.#up.set(limitUp);
    this.#down.set(limitDown);
  }

  close(): void {
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }

  /** The answer's JSON, parsed. */
  async json<T extends z.ZodType>(request: HttpRequest, schema: T): Promise<z.infer<T>> {
    const text = await this.#text(request);
    let json: unknown;
    try {
      json = text === '' ? undefined : JSON.parse(text);
    } catch (error) {
      throw notDriftless(`no JSON from ${request.path}`, error);
    }
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw notDriftless(`unexpected answer from ${request.path}`, parsed.error);
    return parsed.data;
  }

  /** For requests whose answer says nothing beyond its status. */
  async done(request: HttpRequest): Promise<void> {
    await this.#text(request);
  }

  /** The answer's body as it arrives. */
  async download(request: HttpRequest): Promise<Download> {
    const { response, exchange } = await this.#send(request);
    return {
      status: response.status,
      type: headerOf(response, 'content-type'),
      contentRange: headerOf(response, 'content-range'),
      [Symbol.asyncIterator]: () => this.#pieces(response.data, exchange),
    };
  }

  async #text(request: HttpRequest): Promise<string> {
    const { response, exchange } = await this.#send(request);
    const pieces: Buffer[] = [];
    for await (const piece of this.#pieces(response.data, exchange)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  }

  /** Sends and waits for the answer's head; an error status becomes a ServerFailure. */
  async #send(request: HttpRequest): Promise<{ response: AxiosResponse<Readable>; exchange: Exchange }> {
    const exchange = new Exchange(request.signal, request.silenceMs ?? SILENCE_MS);
    const body = this.#body(request, exchange);
    try {
      let response = await axios.request<Readable>({
        ...this.#options(exchange, this.#direct),
        baseURL: this.#baseUrl,
        url: request.path,
        method: request.method,
        headers: this.#headers(request),
        data: request.json === undefined ? body : JSON.stringify(request.json),
        ...(request.query && { params: request.query }),
      });
      exchange.heard();
      const elsewhere = headerOf(response, 'location');
      if (response.status === 307 && request.method === 'GET' && elsewhere !== undefined) {
        response.data.destroy();
        response = await this.#fetchElsewhere(elsewhere, request, exchange);
      }
      if (response.status >= 200 && response.status < 300) return { response, exchange };
      throw failureOfAnswer(response.status, headerOf(response, 'retry-after'), await errorText(response.data));
    } catch (error) {
      const failure = exchange.fail(error);
      throw body?.sourceError ?? failure;
    }
  }

  /** Content may lie in a store of the server's, which is told nothing but which bytes are wanted. */
  async #fetchElsewhere(url: string, { headers }: HttpRequest, exchange: Exchange): Promise<AxiosResponse<Readable>> {
    const { isLoopback } = serverAddress(url);
    const response = await axios.request<Readable>({
      ...this.#options(exchange, isLoopback),
      url,
      headers: { 'user-agent': 'Driftless', ...headers },
    });
    exchange.heard();
    return response;
  }

  #options(exchange: Exchange, direct: boolean) {
    return {
      responseType: 'stream',
      signal: exchange.signal,
      validateStatus: null,
      maxRedirects: 0,
      // -1 is axios's "no limit"; Infinity would wrap every stream in a counting one.
      maxBodyLength: -1,
      maxContentLength: -1,
      httpAgent: this.#httpAgent,
      httpsAgent: this.#httpsAgent,
      transformRequest: (data: unknown) => data,
      ...(direct && { proxy: false as const }),
    } as const;
  }

  #headers({ bearer, json, body, headers }: HttpRequest): Record<string, string> {
    return {
      'user-agent': 'Driftless',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(body && { 'content-type': 'application/octet-stream', 'content-length': String(body.length) }),
      ...headers,
    };
  }

  #body({ body }: HttpRequest, exchange: Exchange): RequestBody | undefined {
    return (
      body &&
      new RequestBody(body, this.#up, (bytes) => {
        this.#bytesSent += bytes;
        exchange.heard();
      })
    );
  }

  async *#pieces(stream: Readable, exchange: Exchange): AsyncGenerator<Buffer, void, void> {
    try {
      exchange.resume();
      for await (const piece of stream as AsyncIterable<Buffer>) {
        exchange.pause();
        this.#bytesReceived += piece.length;
        await this.#down.take(piece.length);
        yield piece;
        exchange.resume();
      }
    } catch (error) {
      throw exchange.fail(error);
    } finally {
      exchange.end();
      stream.destroy();
    }
  }
}

/** One request and its answer: ends by the caller's signal or by silence, and knows which of them it was. */
class Exchange {
  readonly #abort = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #silence: SilenceTimer;
  readonly #cancel = (): void => this.#abort.abort();
  #silent = false;

  constructor(caller: AbortSignal | undefined, silenceMs: number) {
    this.#caller = caller;
    this.#silence = new SilenceTimer(silenceMs, () => {
      this.#silent = true;
      this.#abort.abort();
    });
    if (caller?.aborted) this.#cancel();
    else caller?.addEventListener('abort', this.#cancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  heard(): void {
    this.#silence.heard();
  }

  pause(): void {
    this.#silence.pause();
  }

  resume(): void {
    this.#silence.resume();
  }

  end(): void {
    this.#silence.stop();
    this.#caller?.removeEventListener('abort', this.#cancel);
  }

  /** Ends it; says what the error amounts to. */
  fail(error: unknown): ServerFailure {
    this.end();
    if (this.#silent) return offline('no sign of life', error);
    if (this.#caller?.aborted) return cancelled();
    return failureOf(error);
  }
}

/** Origin of a server's address. Plain http goes to this computer only: the device's secret travels with it. */
function serverAddress(text: string): { origin: string; isLoopback: boolean } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ServerFailure({ kind: 'insecure' }, `${text} is no server’s address; write it as https://host.`);
  }
  const isLoopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLoopback) {
    throw new ServerFailure(
      { kind: 'insecure' },
      `Plain http to another computer is refused, because anyone on the way could read along; use https://${url.host}.`,
    );
  }
  return { origin: url.origin, isLoopback };
}

const headerOf = (response: AxiosResponse, name: string): string | undefined => {
  const value: unknown = response.headers[name];
  return value === undefined || value === null ? undefined : String(value);
};

async function errorText(stream: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > MAX_ERROR_BYTES) break;
  }
  return Buffer.concat(pieces).toString();
}
