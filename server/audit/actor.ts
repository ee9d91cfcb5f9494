import { AsyncLocalStorage } from 'node:async_hooks';
import type { Proof } from '../auth/bearers.ts';

/**
 * Who makes the changes of this request or duty, as the audit shows it. Kept beside the calls instead of in them: it
 * decides nothing, and every change of a tree would have to hand it through.
 */
const actors = new AsyncLocalStorage<string>();

/** Does the work, whose changes are this actor's. */
export const actingAs = <T>(actor: string, work: () => T): T => actors.run(actor, work);

/** null: nobody has said. */
export const currentActor = (): string | null => actors.getStore() ?? null;

/** The device, or by what else the request is proved. */
export function actorOf({ by }: Proof): string {
  switch (by.type) {
    case 'session':
      return by.deviceName;
    case 'enrolment':
      return 'enrolment token';
    case 'clerk':
      return 'Clerk';
  }
}
