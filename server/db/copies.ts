/** What the copies of a server that share a database say to each other, and how they share the work that is everybody's. */
export interface Copies {
  /** Something that every copy has to hear of. What one copy says on it, all the others hear. */
  channel(name: 'tree' | 'media' | 'revocations' | 'uploads'): Channel;
  /**
   * Does the work unless another copy is at it, or has begun it within the last `restMs`. Resolves to whether it was
   * done here.
   */
  alone(duty: string, restMs: number, now: number, work: () => Promise<void>): Promise<boolean>;
  /** Takes those of these things that no other copy has, until they are released or this process ends. */
  claim(kind: string, ids: readonly string[]): Promise<Claim>;
}

export interface Channel {
  /** Reaches the other copies soon after, and this one never. */
  tell(text: string): void;
  /** `null`: some may have been missed, so that anything may have changed. Returns what ends it. */
  hear(listener: (text: string | null) => void): () => void;
}

export interface Claim {
  readonly ids: ReadonlySet<string>;
  release(): Promise<void>;
}

export const SILENCE: Channel = { tell: () => undefined, hear: () => () => undefined };

/** Where one process serves a database there is nobody to tell, and nobody to wait for. */
export const NO_OTHER_COPIES: Copies = {
  channel: () => SILENCE,
  alone: async (_duty, _restMs, _now, work) => {
    await work();
    return true;
  },
  claim: async (_kind, ids) => ({ ids: new Set(ids), release: async () => undefined }),
};
