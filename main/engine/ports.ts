import type { NodeId } from '../../shared/ids.ts';

/** Effects that come in as arguments, so that a test can own them. */
export interface Clock {
  /** Unix ms; may jump. */
  now(): number;
  /** Ms since some fixed moment; never jumps. */
  monotonic(): number;
  /** Calls back once after so many ms unless cancelled; does not keep the process alive. */
  after(ms: number, callback: () => void): () => void;
}

export interface Random {
  /** A new UUIDv7. */
  nodeId(): NodeId;
  /** Uniform in [0, 1). */
  fraction(): number;
}
