import { type Env, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

/** Requests a minute: signing in by address, everything else by user; null: as many as come. */
export interface Rates {
  readonly signIn: number | null;
  readonly metadata: number | null;
  readonly bytes: number | null;
}

const VARIABLES = { signIn: 'RATE_SIGN_IN', metadata: 'RATE_METADATA', bytes: 'RATE_BYTES' } as const;
const EXPOSED: Rates = { signIn: 30, metadata: 1_200, bytes: 6_000 };
/** The server of one computer's own is asked by one person's programs. */
const LOCAL: Rates = { signIn: null, metadata: null, bytes: null };

export function readRates(env: Env, exposed: boolean): Rates {
  const usual = exposed ? EXPOSED : LOCAL;
  const read = (kind: keyof Rates): number | null => {
    const text = textOf(env, VARIABLES[kind]);
    if (text === undefined) return usual[kind];
    if (text === 'off') return null;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new ConfigFault(`${VARIABLES[kind]} is "${text}". Give it a number of requests a minute, or off.`);
  };
  return { signIn: read('signIn'), metadata: read('metadata'), bytes: read('bytes') };
}
