import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Whose keys and publishable key these are: a name that nobody has. */
export const INSTANCE = 'clerk.example.test';

export interface ClerkDouble {
  /** Stands for `https://clerk.example.test`. */
  readonly url: string;
  readonly publishableKey: string;
  /** PEM; what a server checks tokens with. */
  readonly publicKey: string;
  /** Every request as it arrived. */
  readonly heard: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  /** A session token as the page would be given. */
  token(): string;
  /** From now on nothing is answered but 503. */
  outage(on: boolean): void;
  close(): Promise<void>;
}

interface Person {
  readonly identifier: string;
  readonly password: string;
}

/** Clerk's front API, as far as signing in by name and password asks for it, with real tokens. */
export async function clerkDouble(person: Person): Promise<ClerkDouble> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const heard: { path: string; headers: IncomingMessage['headers'] }[] = [];
  let isOut = false;
  let signedIn = false;

  const jwt = (): string => {
    const now = Math.floor(Date.now() / 1_000);
    const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: `https://${INSTANCE}`, sub: 'user_1', sid: 'sess_1', iat: now, nbf: now - 10, exp: now + 60 };
    const said = `${base64({ alg: 'RS256', typ: 'JWT', kid: 'ins_1' })}.${base64(claims)}`;
    return `${said}.${sign('sha256', Buffer.from(said), keys.privateKey).toString('base64url')}`;
  };
  const session = (): object => ({
    ...{ object: 'session', id: 'sess_1', status: 'active', expire_at: Date.now() + 1e9, abandon_at: Date.now() + 1e9 },
    ...{ last_active_at: Date.now(), last_active_token: { object: 'token', jwt: jwt() }, actor: null, tasks: null },
    ...{ user: { object: 'user', id: 'user_1', email_addresses: [] }, public_user_data: null },
    ...{ factor_verification_age: null, created_at: 1, updated_at: 1, last_active_organization_id: null },
  });
  const client = (): object => ({
    ...{ object: 'client', id: 'client_1', sessions: signedIn ? [session()] : [], sign_in: null, sign_up: null },
    ...{ last_active_session_id: signedIn ? 'sess_1' : null, created_at: 1, updated_at: 1, cookie_expires_at: null },
  });
  const signIn = (status: string): object => ({
    ...{ object: 'sign_in_attempt', id: 'sia_1', status, identifier: person.identifier, supported_identifiers: [] },
    ...{ supported_first_factors: [{ strategy: 'password' }], supported_second_factors: null },
    ...{ first_factor_verification: null, second_factor_verification: null, user_data: null },
    created_session_id: status === 'complete' ? 'sess_1' : null,
  });
  const refused = (code: string) => ({ status: 422, body: { errors: [{ code, message: code, long_message: code }] } });

  const answer = (path: string, form: URLSearchParams): { status: number; body: object } => {
    if (isOut) return { status: 503, body: { errors: [] } };
    const good = (response: object): { status: number; body: object } => ({
      status: 200,
      body: { response, client: client() },
    });
    switch (path) {
      case '/v1/environment':
        return { status: 200, body: ENVIRONMENT };
      case '/v1/client':
        return good(client());
      case '/v1/client/sign_ins':
        if (form.get('identifier') !== person.identifier) return refused('form_identifier_not_found');
        return good(signIn('needs_first_factor'));
      case '/v1/client/sign_ins/sia_1/attempt_first_factor':
        if (form.get('password') !== person.password) return refused('form_password_incorrect');
        signedIn = true;
        return good(signIn('complete'));
      case '/v1/client/sessions/sess_1/tokens':
        return { status: 200, body: { object: 'token', jwt: jwt() } };
      case '/v1/client/sessions/sess_1/touch':
        return good(session());
      default:
        return { status: 404, body: { errors: [{ code: 'resource_not_found', message: path }] } };
    }
  };

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { pathname } = new URL(request.url ?? '/', 'http://x');
      heard.push({ path: pathname, headers: request.headers });
      const { status, body: answered } = answer(pathname, new URLSearchParams(body));
      const headers = { 'content-type': 'application/json', authorization: 'the-client-token' };
      response.writeHead(status, headers).end(JSON.stringify(answered));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publishableKey: `pk_test_${Buffer.from(`${INSTANCE}$`).toString('base64')}`,
    publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    heard,
    token: jwt,
    outage(on) {
      isOut = on;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

const ENVIRONMENT = {
  object: 'environment',
  id: 'env_1',
  auth_config: { object: 'auth_config', id: 'aconf_1', single_session_mode: true, reverification: false },
  display_config: {
    object: 'display_config',
    id: 'display_1',
    application_name: 'Driftless',
    captcha_public_key: null,
  },
  user_settings: {
    ...{ attributes: {}, social: {}, actions: {}, enterprise_sso: { enabled: false }, saml: { enabled: false } },
    ...{ sign_in: { second_factor: { required: false } }, sign_up: { captcha_enabled: false }, passkey_settings: {} },
    ...{ password_settings: {}, username_settings: {} },
  },
  organization_settings: { enabled: false, domains: {} },
  commerce_settings: {
    billing: {
      stripe_publishable_key: null,
      organization: { enabled: false, has_paid_plans: false },
      user: { enabled: false, has_paid_plans: false },
    },
  },
  api_keys_settings: {},
  maintenance_mode: false,
};
