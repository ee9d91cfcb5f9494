import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const REQUEST_LINE_END = Buffer.from(' HTTP/1.1\r\n');

/**
 * A TCP relay between devices and their server that counts what passes and can misbehave. It counts payload bytes as
 * the devices send and receive them, without TCP/IP headers.
 */
export class Relay {
  /** Bytes from devices to the server and back, since the last `reset`. */
  up = 0;
  down = 0;
  requests = 0;
  connections = 0;
  /** Port on 127.0.0.1 that connections go to; a server that comes back elsewhere is found again by setting it. */
  target: number;

  readonly #listener: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #refusing = false;
  #stalled = false;
  #stallAtUp = Number.POSITIVE_INFINITY;
  #holdAnswersAtUp = Number.POSITIVE_INFINITY;
  #stallAtDown = Number.POSITIVE_INFINITY;
  #onStall: () => void = () => {};

  private constructor(target: number, listener: Server) {
    this.target = target;
    this.#listener = listener;
    listener.on('connection', (socket) => this.#relay(socket));
  }

  static async open(target: number): Promise<Relay> {
    const listener = createServer({ allowHalfOpen: true });
    const relay = new Relay(target, listener);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  reset(): void {
    this.up = 0;
    this.down = 0;
    this.requests = 0;
    this.connections = 0;
  }

  /** Breaks every open connection, as a network that goes away does; new ones are refused until `restore`. */
  cut(): void {
    this.#refusing = true;
    this.#breakAll();
  }

  /** Ends a cut or a stall. */
  restore(): void {
    this.#refusing = false;
    this.#stalled = false;
    this.#stallAtUp = Number.POSITIVE_INFINITY;
    this.#stallAtDown = Number.POSITIVE_INFINITY;
    this.#holdAnswersAtUp = Number.POSITIVE_INFINITY;
    for (const [near, far] of this.#pairs) {
      near.resume();
      far.resume();
    }
  }

  /** Resolves as soon as so many bytes have gone up (or down) since the last reset; from that moment nothing passes until `restore`. */
  stallAt(passed: { readonly up?: number; readonly down?: number }): Promise<void> {
    this.#stallAtUp = passed.up ?? Number.POSITIVE_INFINITY;
    this.#stallAtDown = passed.down ?? Number.POSITIVE_INFINITY;
    return new Promise((resolve) => {
      this.#onStall = resolve;
    });
  }

  /** Once so many bytes have gone up since the last reset, requests still pass and their answers do not, until `restore`. */
  holdAnswersAt(up: number): void {
    this.#holdAnswersAtUp = up;
  }

  async close(): Promise<void> {
    this.#breakAll();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #relay(near: Socket): void {
    if (this.#refusing) {
      near.resetAndDestroy();
      return;
    }
    this.connections += 1;
    const far = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    near.setNoDelay(true);
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    const countRequests = requestCounter();
    const mayRise = (): boolean => !this.#stalled;
    const mayFall = (): boolean => !this.#stalled && this.up < this.#holdAnswersAtUp;
    pump(near, far, mayRise, (bytes) => {
      this.up += bytes.length;
      this.requests += countRequests(bytes);
      this.#stallWhenDue();
    });
    pump(far, near, mayFall, (bytes) => {
      this.down += bytes.length;
      this.#stallWhenDue();
    });
    for (const [socket, partner] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('end', () => partner.end());
      socket.on('error', () => partner.destroy());
      socket.on('close', () => {
        partner.destroy();
        this.#pairs.delete(pair);
      });
    }
    this.#hold();
  }

  #stallWhenDue(): void {
    if (!this.#stalled && (this.up >= this.#stallAtUp || this.down >= this.#stallAtDown)) {
      this.#stalled = true;
      this.#onStall();
    }
    this.#hold();
  }

  #hold(): void {
    const holdsAnswers = this.#stalled || this.up >= this.#holdAnswersAtUp;
    if (!holdsAnswers) return;
    for (const [near, far] of this.#pairs) {
      far.pause();
      if (this.#stalled) near.pause();
    }
  }

  #breakAll(): void {
    for (const [near, far] of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.#pairs.clear();
  }
}

/** Copies one direction, with back-pressure. */
function pump(from: Socket, to: Socket, mayFlow: () => boolean, count: (bytes: Buffer) => void): void {
  from.on('data', (bytes) => {
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => {
        if (mayFlow()) from.resume();
      });
    }
    count(bytes);
  });
}

/** Counts request lines in one connection's stream; a line may lie across two pieces. */
function requestCounter(): (bytes: Buffer) => number {
  let tail: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const joined = tail.length === 0 ? bytes : Buffer.concat([tail, bytes]);
    let count = 0;
    let at = joined.indexOf(REQUEST_LINE_END);
    while (at >= 0) {
      count += 1;
      at = joined.indexOf(REQUEST_LINE_END, at + REQUEST_LINE_END.length);
    }
    const rest = joined.subarray(Math.max(0, joined.length - REQUEST_LINE_END.length + 1));
    tail = Buffer.from(rest);
    return count;
  };
}
