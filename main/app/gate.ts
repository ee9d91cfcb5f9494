import { z } from 'zod';
import type { AddedPath } from '../../shared/desktop/channels.ts';
import { COMMANDS, type CommandName, type Outcome } from '../../shared/desktop/commands.ts';
import { NodeId } from '../../shared/ids.ts';
import { MESSAGES, refused } from '../desk/messages.ts';
import { UI_ORIGIN } from './scheme.ts';

/** What is known of whoever sent a message. */
export interface Sender {
  /** Identifies the web contents; ours is known from the window that we made. */
  readonly contentsId: number;
  /** null when the frame is gone already. */
  readonly frame: { readonly url: string; readonly isMain: boolean } | null;
}

/** What lies behind the gate. */
export interface Doors {
  /** Identity of our window's contents; null while there is none. */
  ourContents(): number | null;
  /** The name is of the contract; the input is parsed where the command is carried out. */
  ask(command: CommandName, input: unknown): Promise<Outcome<unknown>>;
  add(file: AddedPath): Promise<Outcome<null>>;
  resync(): void;
  listens(): void;
  drag(ids: readonly NodeId[]): void;
}

const MOST_DRAGGED = 1_000;
const Added = z.object({
  source: z.string().min(1),
  path: z.array(z.string().min(1).max(255)).min(1).max(101),
  folder: NodeId.nullable(),
});
const Dragged = z.array(NodeId).min(1).max(MOST_DRAGGED);

/** The one way in for messages from a page: only the main frame of our window, showing our page, gets further. */
export const gate = (doors: Doors) => ({
  async ask(sender: Sender, command: unknown, input: unknown): Promise<Outcome<unknown>> {
    if (!isOurs(doors, sender)) return NOT_OURS;
    if (typeof command !== 'string' || !isCommand(command)) return refused('refused', MESSAGES.unknown);
    return doors.ask(command, input);
  },
  async add(sender: Sender, file: unknown): Promise<Outcome<null>> {
    if (!isOurs(doors, sender)) return NOT_OURS;
    const parsed = Added.safeParse(file);
    return parsed.success ? doors.add(parsed.data) : refused('refused', MESSAGES.malformed);
  },
  resync(sender: Sender): void {
    if (isOurs(doors, sender)) doors.resync();
  },
  listens(sender: Sender): void {
    if (isOurs(doors, sender)) doors.listens();
  },
  drag(sender: Sender, ids: unknown): void {
    const parsed = Dragged.safeParse(ids);
    if (isOurs(doors, sender) && parsed.success) doors.drag(parsed.data);
  },
});

const NOT_OURS = refused('refused', 'This page may not ask that.');

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

function isOurs(doors: Doors, { contentsId, frame }: Sender): boolean {
  if (frame === null || !frame.isMain || contentsId !== doors.ourContents()) return false;
  const url = URL.parse(frame.url);
  return url !== null && `${url.protocol}//${url.host}` === UI_ORIGIN;
}
