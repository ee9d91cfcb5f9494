import type { EnrolledDevice, SignInMethods } from '../../../shared/api/devices.ts';
import type { Parsed } from '../../desk/handlers.ts';
import { MESSAGES, Refusal } from '../../desk/messages.ts';
import { enrol, type ShownProof, signInMethods } from '../../engine/enrolment.ts';
import { serverAddress } from '../syncOptions.ts';
import { refusalOf } from './refusals.ts';

/** A server elsewhere, and how a person says who they are there. */
export type Door = Exclude<Parsed<'setup.begin'>['server'], { readonly kind: 'own' }>;

/** Has a person sign in with Clerk, and answers with the token that shows it. Throws Refusal, also when they leave it. */
export type ClerkSignIn = (publishableKey: string, signal: AbortSignal) => Promise<string>;

export interface LetIn {
  readonly url: string;
  readonly device: EnrolledDevice;
}

export interface Entrance {
  readonly deviceName: string;
  /** null: nothing here could show Clerk’s page. */
  readonly clerk: ClerkSignIn | null;
  readonly signal: AbortSignal;
}

/** Which ways in this server has. Throws Refusal. */
export async function waysInto(address: string): Promise<SignInMethods> {
  return refusing(address, async (url) => {
    const methods = await signInMethods(url);
    if (methods === null) throw new Refusal('failed', MESSAGES.serverTooOld);
    return methods;
  });
}

/** Makes this computer a device of that server. Nothing here has changed yet. Throws Refusal. */
export async function enter(door: Door, { deviceName, clerk, signal }: Entrance): Promise<LetIn> {
  return refusing(door.address, async (url) => {
    const proof = await proofOf(door, await waysInto(url), clerk, signal);
    return { url, device: await enrol(url, deviceName, proof) };
  });
}

async function proofOf(
  door: Door,
  ways: SignInMethods,
  clerk: ClerkSignIn | null,
  signal: AbortSignal,
): Promise<ShownProof> {
  switch (door.kind) {
    case 'code':
      return { type: 'pairing', code: door.code };
    case 'password':
      return { type: 'password', name: door.name, password: door.password };
    case 'clerk':
      if (ways.clerk === null || clerk === null) throw new Refusal('failed', MESSAGES.noClerk);
      return { type: 'bearer', token: await clerk(ways.clerk.publishableKey, signal) };
  }
}

async function refusing<T>(address: string, ask: (url: string) => Promise<T>): Promise<T> {
  try {
    return await ask(serverAddress(address));
  } catch (error) {
    throw refusalOf(error, URL.parse(address)?.host ?? address);
  }
}
