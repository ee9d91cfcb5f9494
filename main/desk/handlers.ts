import type { z } from 'zod';
import type { Answer, COMMANDS, CommandName } from '../../shared/desktop/commands.ts';

export type Parsed<C extends CommandName> = z.output<(typeof COMMANDS)[C]>;

/** How a command is carried out. What it throws becomes its refusal, see messages.ts. */
export type Handler<C extends CommandName> = (input: Parsed<C>) => Answer<C> | Promise<Answer<C>>;

export type Handlers<C extends CommandName = CommandName> = { readonly [Name in C]: Handler<Name> };

/** The commands about one thing: those whose names begin so. */
export type Named<Prefix extends string> = Extract<CommandName, `${Prefix}.${string}`>;
