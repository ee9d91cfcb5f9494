import { COMMANDS, type CommandName, type Outcome } from '../../shared/desktop/commands.ts';
import type { Handlers } from './handlers.ts';
import { MESSAGES, outcomeOfError, refused } from './messages.ts';

/** The one place where what a window says is parsed; both parts as they arrived. null: none of these handlers is meant. */
export async function answered(
  handlers: Partial<Handlers>,
  command: unknown,
  input: unknown,
): Promise<Outcome<unknown> | null> {
  if (typeof command !== 'string' || !isCommand(command)) return refused('refused', MESSAGES.unknown);
  // Name and input belong together by the table of commands; a type cannot follow them through a lookup.
  const handle = handlers[command] as ((input: unknown) => unknown) | undefined;
  if (handle === undefined) return null;
  const parsed = COMMANDS[command].safeParse(input);
  if (!parsed.success) return refused('refused', MESSAGES.malformed);
  try {
    return { ok: true, value: await handle(parsed.data) };
  } catch (error) {
    return outcomeOfError(error);
  }
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);
