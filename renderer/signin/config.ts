/** What the host tells the page, at `./config`. */
export interface PageConfig {
  readonly publishableKey: string;
  /** Clerk knows this computer again the next time; without it every sign-in is the first. */
  readonly keeps: boolean;
  /** Nobody looks: only who is known still is signed in. */
  readonly quietly: boolean;
}
