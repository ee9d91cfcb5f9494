import type { Answer, CommandName, Input, Outcome } from '../../shared/desktop/commands.ts';
import { sayFailure } from '../ui/toasts.ts';

/** Asks the other side. Never throws: a bridge that broke is an outcome like any other. */
export async function ask<C extends CommandName>(command: C, input: Input<C>): Promise<Outcome<Answer<C>>> {
  try {
    return await window.driftless.ask(command, input);
  } catch {
    return { ok: false, code: 'not-running', message: 'Driftless does not answer: restart it, then try again.' };
  }
}

/** The answer, or undefined after the failure was said in a toast. */
export async function answerOf<C extends CommandName>(command: C, input: Input<C>): Promise<Answer<C> | undefined> {
  const outcome = await ask(command, input);
  if (outcome.ok) return outcome.value;
  sayFailure(outcome.message);
  return undefined;
}

/** Does what was shown as done already; takes it back and says why when it is refused. */
export async function act<C extends CommandName>(
  command: C,
  input: Input<C>,
  takeBack: () => void = () => {},
): Promise<boolean> {
  const outcome = await ask(command, input);
  if (outcome.ok) return true;
  takeBack();
  sayFailure(outcome.message);
  return false;
}
