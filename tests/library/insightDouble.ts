import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type {
  Insight,
  SignedRequest,
  TransferTask,
  TreeEntry,
  Wish,
  WishResult,
} from '../../main/engine/insight/insight.ts';
import { offline } from '../../main/engine/transfer/failure.ts';
import type { ContentId, NodeId } from '../../shared/ids.ts';

export interface InsightDouble extends Insight {
  serverId: string | null;
  /** Puts these into the trees, and tells of them. */
  put(...entries: readonly TreeEntry[]): void;
  remove(...ids: readonly NodeId[]): void;
  /** The server can be reached, and answers so. */
  answers(answer: ((request: SignedRequest) => unknown) | null): void;
  readonly granted: readonly Wish[];
  heardFromServer(): void;
}

let minted = 0;
/** Node ids that are made in this order, a second apart, from this moment on. */
export const idAt = (ms: number): NodeId => uuidv7({ msecs: ms, seq: ++minted }) as NodeId;

export function entry(name: string, more: Partial<TreeEntry> = {}): TreeEntry {
  return {
    id: idAt(Date.now()),
    parentId: null,
    name,
    kind: 'file',
    size: 1_000,
    mtimeMs: 1_700_000_000_000,
    contentId: null,
    trashed: false,
    standing: 'agreed',
    library: {},
    ...more,
  };
}

export const contentId = (n: number): ContentId => n.toString(16).padStart(64, '0') as ContentId;

/** An engine's trees in memory. */
export function insightDouble(): InsightDouble {
  const entries = new Map<NodeId, TreeEntry>();
  const listeners = new Set<(ids: Iterable<NodeId>) => void>();
  const media = new Set<() => void>();
  const granted: Wish[] = [];
  let answer: ((request: SignedRequest) => unknown) | null = null;
  let sorted: NodeId[] | null = null;
  const tell = (ids: readonly NodeId[]): void => {
    sorted = null;
    for (const listener of listeners) listener(ids);
  };
  return {
    trees: {
      entries: (ids) => [...ids].flatMap((id) => entries.get(id) ?? []),
      idsAfter: (side, after, limit) => {
        if (side === 'local') return [];
        sorted ??= [...entries.keys()].sort();
        const from = sorted.findIndex((id) => id > after);
        return from < 0 ? [] : sorted.slice(from, from + limit);
      },
    },
    serverId: null,
    complete: true,
    root: null,
    onTrees(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onMedia(listener) {
      media.add(listener);
      return () => media.delete(listener);
    },
    transfers: () => [],
    transferOf: (): TransferTask | null => null,
    onTransferred: () => () => undefined,
    problemOf: () => null,
    cancel: () => true,
    renameUnsynced: async () => ({ ok: true }),
    retry: () => undefined,
    hold: () => true,
    diskPath: () => null,
    cloudOnly: new Set(),
    async grant(wishes): Promise<readonly WishResult[]> {
      if (answer === null) throw offline('double');
      granted.push(...wishes);
      return wishes.map(() => ({ ok: true }));
    },
    async ask<T extends z.ZodType>(request: SignedRequest, schema: T): Promise<z.infer<T>> {
      if (answer === null) throw offline('double');
      return schema.parse(answer(request));
    },
    async fetch(request) {
      if (answer === null) throw offline('double');
      const bytes = answer(request);
      if (!Buffer.isBuffer(bytes)) throw offline('no bytes');
      return {
        status: 200,
        contentRange: undefined,
        async *[Symbol.asyncIterator]() {
          yield bytes;
        },
      };
    },
    setLimits: () => undefined,
    put(...more) {
      for (const one of more) entries.set(one.id, one);
      tell(more.map(({ id }) => id));
    },
    remove(...ids) {
      for (const id of ids) entries.delete(id);
      tell(ids);
    },
    answers(next) {
      answer = next;
    },
    granted,
    heardFromServer: () => {
      for (const listener of media) listener();
    },
  };
}
