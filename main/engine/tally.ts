import type { NodeId } from '../../shared/ids.ts';
import type { SyncSummary } from './api.ts';
import type { Clock } from './ports.ts';

export type Counted = 'uploaded' | 'downloaded' | 'moved' | 'deleted' | 'conflicts';

/** What has been done since the start, and how far the transfers are since the engine was last idle. */
export class Tally {
  readonly #clock: Clock;
  readonly #started: number;
  readonly #counts: Record<Counted, number> = { uploaded: 0, downloaded: 0, moved: 0, deleted: 0, conflicts: 0 };
  readonly #underWay = new Map<NodeId, number>();
  #finished = 0;
  #sent = 0;
  #received = 0;
  #settled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#started = clock.monotonic();
  }

  count(what: Counted): void {
    this.#counts[what] += 1;
  }

  /** Content bytes that crossed the wire. */
  wire(sent: number, received: number): void {
    this.#sent += sent;
    this.#received += received;
  }

  /** So many bytes of a file's content are in place on the other side. */
  progress(id: NodeId, bytes: number): void {
    this.#begin();
    this.#underWay.set(id, bytes);
  }

  /** The transfer has ended; `bytes` is the file's size, or 0 if it failed. */
  transferred(id: NodeId, bytes: number): void {
    this.#begin();
    this.#underWay.delete(id);
    this.#finished += bytes;
  }

  /** Bytes of this node's content that are over, while it is under way. */
  underWay(id: NodeId): number {
    return this.#underWay.get(id) ?? 0;
  }

  get bytesDone(): number {
    let sum = this.#finished;
    for (const bytes of this.#underWay.values()) sum += bytes;
    return sum;
  }

  get bytesFinished(): number {
    return this.#finished;
  }

  /** The engine is idle: the next transfer is the first of a new count, until then the last one stands. */
  settle(): void {
    this.#settled = true;
  }

  summary(problems: number): SyncSummary {
    const seconds = Math.round(this.#clock.monotonic() - this.#started) / 1000;
    return { ...this.#counts, problems, bytesSent: this.#sent, bytesReceived: this.#received, seconds };
  }

  #begin(): void {
    if (!this.#settled) return;
    this.#settled = false;
    this.#finished = 0;
    this.#underWay.clear();
  }
}
