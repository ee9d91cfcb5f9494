/** Clerk's own codes, in words. */
const SENTENCES: Readonly<Record<string, string>> = {
  form_identifier_not_found: 'There is no account of that name: check how it is written.',
  form_password_incorrect: 'The password is wrong: try again.',
  form_code_incorrect: 'The code is wrong: type it once more, or have a new one sent.',
  verification_expired: 'The code has expired: begin anew to have another one sent.',
  verification_failed: 'Too many wrong codes: begin anew to have another one sent.',
  too_many_requests: 'That was too often: wait a minute, then try again.',
  user_locked: 'The account is locked for a while: try again later.',
  form_param_format_invalid: 'That is no e-mail address or name: check how it is written.',
};

export const UNREACHABLE = 'The sign-in service cannot be reached: try again in a moment. Sync goes on meanwhile.';
export const NO_WAY = 'This account signs in another way: use a code from another device instead.';

/** What a failure amounts to, as one sentence with a next step. */
export function sentenceOf(error: unknown): string {
  const code = (error as { errors?: readonly { code?: string }[] } | null)?.errors?.[0]?.code;
  if (code === undefined) return UNREACHABLE;
  return SENTENCES[code] ?? 'Signing in did not work: try again, or use a code from another device.';
}
