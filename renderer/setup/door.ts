import type { Input } from '../../shared/desktop/commands.ts';

/** What a person has filled in to be let in by a server. */
export interface Door {
  readonly kind: 'code' | 'password' | 'clerk';
  readonly address: string;
  readonly code: string;
  readonly name: string;
  readonly password: string;
}

export const NO_DOOR: Door = { kind: 'code', address: '', code: '', name: '', password: '' };

/** As it is asked, or null while something is missing. */
export function complete(door: Door): Input<'setup.begin'>['server'] | null {
  const address = addressOf(door.address);
  if (address === null) return null;
  switch (door.kind) {
    case 'code':
      return door.code.trim() === '' ? null : { kind: 'code', address, code: door.code.trim() };
    case 'password':
      return door.name === '' || door.password === ''
        ? null
        : { kind: 'password', address, name: door.name.trim(), password: door.password };
    case 'clerk':
      return { kind: 'clerk', address };
  }
}

/** With its scheme: https, unless it was given or the server is on this computer. null: it is none yet. */
export function addressOf(given: string): string | null {
  const text = given.trim();
  if (text === '') return null;
  const scheme = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(text) ? 'http' : 'https';
  const url = URL.parse(/^https?:\/\//.test(text) ? text : `${scheme}://${text}`);
  return url === null || url.hostname === '' ? null : url.href.replace(/\/$/, '');
}
