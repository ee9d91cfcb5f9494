import { isMissing } from './durable.ts';

/** An object that a row names is not in its store. */
export class NotThere extends Error {
  constructor(key: string) {
    super(`The stored object ${key} is not there.`);
  }
}

/** Whether a store has failed because what it was asked for is not there, whichever store it is. */
export const isNotThere = (error: unknown): boolean => error instanceof NotThere || isMissing(error);
