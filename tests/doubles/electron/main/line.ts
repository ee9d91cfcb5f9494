import { EventEmitter } from 'node:events';
import { type DesktopFacts, FACTS_VARIABLE, type ToApp, type ToDesktop } from '../wire.ts';
import { passTime } from './clock.ts';

/** The app's end of the line to the desktop. */
export const facts = JSON.parse(process.env[FACTS_VARIABLE] ?? '{}') as DesktopFacts;

export const fromDesktop = new EventEmitter<{ [T in ToApp['type']]: [Extract<ToApp, { type: T }>] }>();

export const toDesktop = (message: ToDesktop, sent: () => void = () => undefined): void => {
  if (process.connected) process.send?.(message, undefined, {}, sent);
};

process.on('message', (message: ToApp) => {
  if (message.type === 'pass') passTime(message.ms);
  else (fromDesktop as EventEmitter).emit(message.type, message);
});
// A test that is gone leaves no app behind.
process.on('disconnect', () => process.exit(1));

/** Answers a question of the desktop's. */
export async function answer(ask: number, value: () => unknown): Promise<void> {
  try {
    toDesktop({ type: 'answer', ask, value: await value() });
  } catch (error) {
    toDesktop({ type: 'answer', ask, value: null, failed: error instanceof Error ? error.message : String(error) });
  }
}

/** An event that may be prevented. */
export class Preventable {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}
