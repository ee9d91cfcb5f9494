import { type Env, listOf, textOf } from './env.ts';
import { ConfigFault } from './fault.ts';

/** What files must be like to be stored. */
export interface Screening {
  /** Like `image/png` or `image/*`; null: every type. */
  readonly allowedTypes: readonly string[] | null;
  readonly refusedTypes: readonly string[];
  readonly clamav: ClamavConfig | null;
}

export interface ClamavConfig {
  readonly at: ClamdAddress;
  /** What becomes of a file that the scanner cannot look into, as because it is too large for it. */
  readonly unscannable: 'allow' | 'refuse' | 'quarantine';
}

export type ClamdAddress = { readonly path: string } | { readonly host: string; readonly port: number };

export function readScreening(env: Env): Screening {
  const allowed = readTypes(env, 'ALLOWED_TYPES');
  return {
    allowedTypes: allowed.length === 0 ? null : allowed,
    refusedTypes: readTypes(env, 'REFUSED_TYPES'),
    clamav: readClamav(env),
  };
}

function readTypes(env: Env, name: string): string[] {
  const types = listOf(textOf(env, name)).map((type) => type.toLowerCase());
  const wrong = types.find((type) => !/^[a-z]+\/([a-z0-9.+-]+|\*)$/.test(type));
  if (wrong === undefined) return types;
  throw new ConfigFault(`"${wrong}" in ${name} is no type. Give types like image/png, or image/* for all images.`);
}

function readClamav(env: Env): ClamavConfig | null {
  const address = textOf(env, 'CLAMAV');
  const unscannable = textOf(env, 'CLAMAV_UNSCANNABLE') ?? 'refuse';
  if (address === undefined) {
    if (textOf(env, 'CLAMAV_UNSCANNABLE') === undefined) return null;
    throw new ConfigFault(
      'CLAMAV_UNSCANNABLE is set, but CLAMAV is not. Name the socket or the host:port of clamd in it.',
    );
  }
  if (unscannable !== 'allow' && unscannable !== 'refuse' && unscannable !== 'quarantine') {
    throw new ConfigFault(`CLAMAV_UNSCANNABLE is "${unscannable}". Set it to allow, refuse or quarantine.`);
  }
  if (address.startsWith('/')) return { at: { path: address }, unscannable };
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  if (host !== '') return { at: { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }, unscannable };
  throw new ConfigFault(`CLAMAV is "${address}". Give it the path of clamd's socket, or its host:port.`);
}
