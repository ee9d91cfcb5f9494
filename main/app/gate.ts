import { COMMANDS, type Command, type Outcome, type Snapshot } from '../../shared/desktop/contract.ts';
import { UI_ORIGIN } from './scheme.ts';

/** What is known of whoever sent a message. */
export interface Sender {
  /** Identifies the web contents; ours is known from the window that we made. */
  readonly contentsId: number;
  /** null when the frame is gone already. */
  readonly frame: { readonly url: string; readonly isMain: boolean } | null;
}

export interface Doors {
  /** Identity of our window's contents; null while there is none. */
  ourContents(): number | null;
  snapshot(): Snapshot;
  command(command: Command): Promise<Outcome>;
}

/** What the window may ask for on its one channel: the snapshot of this moment, or a command. */
export type Ask = 'snapshot' | Command;

/**
 * The one way in for messages from a page. Only the main frame of our window, showing our page, gets further than
 * this, and only with a word of the contract.
 */
export async function gate(doors: Doors, sender: Sender, asked: unknown): Promise<Snapshot | Outcome> {
  if (!isOurs(doors, sender)) return { ok: false, code: 'refused', message: 'This page may not ask that.' };
  if (asked === 'snapshot') return doors.snapshot();
  const command = COMMANDS.find((known) => known === asked);
  if (command === undefined) return { ok: false, code: 'refused', message: 'This window asked for something unknown.' };
  return doors.command(command);
}

function isOurs(doors: Doors, { contentsId, frame }: Sender): boolean {
  if (frame === null || !frame.isMain || contentsId !== doors.ourContents()) return false;
  const url = URL.parse(frame.url);
  return url !== null && `${url.protocol}//${url.host}` === UI_ORIGIN;
}
