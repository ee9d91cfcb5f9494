import type { SetupSlice } from '../../shared/desktop/snapshot.ts';
import type { Handlers, Named } from './handlers.ts';

/** Commands that replace what a desk stands on: the folder, the server, the account. */
export type HouseholdCommand = Named<'setup'> | 'account.signOut';

/** Who decides what is synced with what. It stands above every desk, and is there before the first one. */
export interface Household {
  readonly setup: SetupSlice;
  readonly commands: Handlers<HouseholdCommand>;
}
