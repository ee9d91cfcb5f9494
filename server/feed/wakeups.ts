import type { UserId } from '../../shared/ids.ts';
import { type Channel, SILENCE } from '../db/copies.ts';

/** Tells listeners that a user's feed has moved, at once and then at most every 50 ms. */
export interface Wakeups {
  /** Calls back after each change of the user's tree. Returns what ends it. */
  listen(userId: UserId, listener: () => void): () => void;
  /** Calls back after each change of anybody's tree, without any rest. Returns what ends it. */
  watch(watcher: () => void): () => void;
  /** To be called after every commit that changed the user's tree. */
  changed(userId: UserId): void;
}

const COALESCE_MS = 50;

/** `others`: what the other copies of the server say of the same; their changes wake listeners and no watcher. */
export function wakeups(others: Channel = SILENCE): Wakeups {
  const listeners = new Map<UserId, Set<() => void>>();
  const watchers = new Set<() => void>();
  /** Users told within the last 50 ms; true when something came since. */
  const resting = new Map<UserId, boolean>();

  const tell = (userId: UserId): void => {
    resting.set(userId, false);
    for (const listener of listeners.get(userId) ?? []) listener();
    setTimeout(() => {
      const again = resting.get(userId);
      resting.delete(userId);
      if (again) tell(userId);
    }, COALESCE_MS).unref();
  };

  const moved = (userId: UserId): void => {
    if (!listeners.has(userId)) return;
    if (resting.has(userId)) resting.set(userId, true);
    else tell(userId);
  };

  others.hear((userId) => {
    if (userId !== null) return moved(userId as UserId);
    for (const watcher of watchers) watcher();
    for (const each of listeners.keys()) moved(each);
  });

  return {
    listen(userId, listener) {
      const those = listeners.get(userId) ?? new Set();
      listeners.set(userId, those.add(listener));
      return () => {
        those.delete(listener);
        if (those.size === 0) listeners.delete(userId);
      };
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    changed(userId) {
      for (const watcher of watchers) watcher();
      moved(userId);
      others.tell(userId);
    },
  };
}
