import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, Refusal } from '../messages.ts';

/** What the app's own process answers before a desk hears of it; nothing else can do these. */
export const appCommands: Handlers<Named<'app'>> = {
  'app.startAgain': () => {
    throw new Refusal('failed', MESSAGES.hostCannot);
  },
};
