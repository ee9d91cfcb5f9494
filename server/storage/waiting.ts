import { WAITING } from '../content/stores.ts';
import type { Services } from '../services.ts';
import { nowInBucket, objectsIn } from './moves.ts';

const AT_A_TIME = 100;
/** A request may have looked a row up just before it changed: the file stays so long, in ms. */
const GRACE_MS = 60_000;

/** Moves into the bucket what it did not take when it came. */
export interface WaitingRoom {
  /** What there is, as long as the bucket takes it. To be called now and then. */
  empty(stopped: () => boolean): Promise<void>;
}

export function waitingRoom({ db, content, log, clock }: Services): WaitingRoom {
  let moved: { readonly key: string; readonly at: number }[] = [];

  const removeMoved = async (): Promise<void> => {
    const old = moved.filter(({ at }) => at < clock.now() - GRACE_MS);
    moved = moved.filter((each) => !old.includes(each));
    await content.disk.remove(old.map(({ key }) => key));
  };

  return {
    async empty(stopped) {
      const { bucket } = content;
      if (!bucket) return;
      await removeMoved();
      let count = 0;
      for (let after = ''; ; ) {
        const objects = await objectsIn(db.read, WAITING, after, AT_A_TIME);
        for (const { id, key, size } of objects) {
          if (stopped()) return;
          await bucket.copy({ store: WAITING, key }, key, size);
          if (await nowInBucket(db.write, id, WAITING)) count += 1;
          else await bucket.remove([key]);
          moved.push({ key, at: clock.now() });
        }
        const last = objects.at(-1);
        if (!last) break;
        after = last.id;
      }
      if (count > 0) log.info({ objects: count }, 'what the bucket did not take before lies in it now');
    },
  };
}
