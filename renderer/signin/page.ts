import '../ui/tokens.css';
import '../ui/base.css';
import './page.css';
import type { PageConfig } from './config.ts';
import { loadClerk } from './nativeClerk.ts';
import { NO_WAY, sentenceOf, UNREACHABLE } from './sentences.ts';

/** A page of its own, of which the window knows nothing: signs a person in with Clerk and hands the host one token. */

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${id}.`);
  return found;
}

const lead = part('lead', HTMLParagraphElement);
const form = part('form', HTMLFormElement);
const question = part('question', HTMLLabelElement);
const field = part('answer', HTMLInputElement);
const fault = part('fault', HTMLParagraphElement);

interface Question {
  readonly words: string;
  readonly type: 'text' | 'password';
  readonly autoComplete: AutoFill;
}

const WHO: Question = { words: 'E-mail address or name', type: 'text', autoComplete: 'username' };
const PASSWORD: Question = { words: 'Password', type: 'password', autoComplete: 'current-password' };
const CODE: Question = { words: 'Code', type: 'text', autoComplete: 'one-time-code' };

/** Asks until `use` accepts the answer; what it throws is said beside the field. */
function asked<T>({ words, type, autoComplete }: Question, use: (answer: string) => Promise<T>): Promise<T> {
  question.textContent = words;
  field.type = type;
  field.autocomplete = autoComplete;
  field.value = '';
  form.hidden = false;
  field.focus();
  return new Promise((accepted) => {
    let busy = false;
    form.onsubmit = (event) => {
      event.preventDefault();
      if (busy || field.value.trim() === '') return;
      busy = true;
      fault.textContent = '';
      use(type === 'password' ? field.value : field.value.trim())
        .then(accepted, (error: unknown) => {
          fault.textContent = error instanceof Stop ? error.message : sentenceOf(error);
          field.select();
        })
        .finally(() => {
          busy = false;
        });
    };
  });
}

/** This page leads no further. */
class Stop extends Error {}

type LoadedClerk = Awaited<ReturnType<typeof loadClerk>>;
type SignIn = NonNullable<LoadedClerk['client']>['signIn'];

async function signIn(clerk: LoadedClerk): Promise<string> {
  const { client } = clerk;
  if (!client) throw new Stop(UNREACHABLE);
  const begun = await asked(WHO, async (identifier) => {
    const made = await client.signIn.create({ identifier });
    if (firstWay(made) === null) throw new Stop(NO_WAY);
    return made;
  });
  const first = await byFirstFactor(begun);
  const done = first.status === 'needs_second_factor' ? await bySecondFactor(first) : first;
  const session = client.sessions.find(({ id }) => id === done.createdSessionId);
  const token = done.status === 'complete' ? await session?.getToken() : null;
  if (!token) throw new Stop(NO_WAY);
  return token;
}

const firstWay = ({ supportedFirstFactors: ways }: SignIn) =>
  ways?.find(({ strategy }) => strategy === 'password') ??
  ways?.find(({ strategy }) => strategy === 'email_code') ??
  null;

async function byFirstFactor(begun: SignIn): Promise<SignIn> {
  const way = firstWay(begun);
  if (way?.strategy === 'email_code') {
    await begun.prepareFirstFactor({ strategy: 'email_code', emailAddressId: way.emailAddressId });
    lead.textContent = `A code was sent to ${way.safeIdentifier}.`;
    return asked(CODE, (code) => begun.attemptFirstFactor({ strategy: 'email_code', code }));
  }
  return asked(PASSWORD, (password) => begun.attemptFirstFactor({ strategy: 'password', password }));
}

function bySecondFactor(begun: SignIn): Promise<SignIn> {
  if (!begun.supportedSecondFactors?.some(({ strategy }) => strategy === 'totp')) throw new Stop(NO_WAY);
  lead.textContent = 'Your account asks for a code of your authenticator as well.';
  return asked(CODE, (code) => begun.attemptSecondFactor({ strategy: 'totp', code }));
}

async function prove(token: string | null): Promise<void> {
  await fetch('./proof', { method: 'POST', body: JSON.stringify({ token }) });
}

/** Who is signed in still, as far as Clerk knows this computer again. */
const known = async ({ session }: LoadedClerk): Promise<string | null> => (await session?.getToken()) ?? null;

async function run(): Promise<void> {
  const config = (await (await fetch('./config')).json()) as PageConfig;
  const clerk = await loadClerk(config);
  if (config.quietly) return prove(await known(clerk));
  lead.textContent = 'With your account of the server.';
  const token = await signIn(clerk);
  form.hidden = true;
  await prove(token);
  lead.textContent = 'You are signed in: close this page and go back to Driftless.';
}

run().catch((error: unknown) => {
  form.hidden = true;
  lead.textContent = error instanceof Stop ? error.message : UNREACHABLE;
});
