import { afterAll } from 'vitest';
import { endAll } from './program.ts';

/** A test that ran out of time has left its programs running, and nobody tells a worker that is ended. */
afterAll(endAll);
