/** How an attempt at an operation ended; the control loop knows what follows from each. */
export type Outcome =
  /** Done and written down. */
  | { readonly type: 'done' }
  /** The disk is not what was observed: look there again. */
  | { readonly type: 'look-again' }
  /** The server is not what was known: read the feed. */
  | { readonly type: 'ask-again' }
  /** Cannot be done now. `later`: tried again soon and then less often; `rarely`; `changed`: not before something changes. */
  | {
      readonly type: 'problem';
      readonly code: string;
      readonly message: string;
      readonly retry: 'later' | 'rarely' | 'changed';
    }
  | { readonly type: 'offline'; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly type: 'signed-out' }
  | { readonly type: 'cancelled' };

export const DONE: Outcome = { type: 'done' };
export const LOOK_AGAIN: Outcome = { type: 'look-again' };
export const ASK_AGAIN: Outcome = { type: 'ask-again' };
export const CANCELLED: Outcome = { type: 'cancelled' };
