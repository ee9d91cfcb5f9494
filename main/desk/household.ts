import type { SetupSlice } from '../../shared/desktop/snapshot.ts';
import type { Handlers, Named } from './handlers.ts';

/** Commands that replace what a desk stands on: the folder, the server, the account. */
export type HouseholdCommand = Named<'setup'> | 'account.signOut';

/** Who decides what is synced with what. It stands above every desk, and is there before the first one. */
export interface Household {
  readonly setup: SetupSlice;
  /** The account is to be signed in to again, though sync goes on: one sentence with a next step; null: it is not. */
  readonly signInAgain: string | null;
  readonly commands: Handlers<HouseholdCommand>;
}
