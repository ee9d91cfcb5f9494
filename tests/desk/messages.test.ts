import { AxiosError } from 'axios';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { MESSAGES, outcomeOfError, Refusal } from '../../main/desk/messages.ts';
import { DiskError } from '../../main/engine/disk/diskError.ts';
import { failureOf, failureOfAnswer, ServerFailure } from '../../main/engine/transfer/failure.ts';
import { PROBLEM_STATUS, type ProblemCode, problem } from '../../shared/api/problem.ts';

/** Begins as a sentence does, says what to do after a colon or in a second clause, and ends with a full stop. */
const WITH_NEXT_STEP = /^[A-Z“.].*[:;,].+[.]$/s;
const NOT_FOR_PEOPLE = /E[A-Z]{4,}|SQLITE|axios|chokidar|undefined|null|stack|status code|\bat .*:\d+:\d+|['"]/;

const sentences = Object.entries(MESSAGES).map(([name, message]): [string, string] => [
  name,
  typeof message === 'string' ? message : (message as (...words: string[]) => string)('a.txt', 'it has no room'),
]);

test.each(sentences)('%s is one sentence with a next step', (_name, message) => {
  expect(message).toMatch(WITH_NEXT_STEP);
  expect(message).not.toMatch(NOT_FOR_PEOPLE);
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('It should have thrown.');
}

const db = new Database(':memory:');
const strangers: [string, unknown][] = [
  ['axios', new AxiosError('getaddrinfo ENOTFOUND files.example.org', 'ENOTFOUND')],
  ['SQLite', thrownBy(() => db.prepare('SELECT nothing FROM nowhere'))],
  ['the watcher', Object.assign(new Error('ENOSPC: System limit for number of file watchers'), { code: 'ENOSPC' })],
  ['JSON', thrownBy(() => JSON.parse('{'))],
  ['nobody', 'a text'],
];

test.each(strangers)('an error of %s never reaches a person as such', (_who, error) => {
  const outcome = outcomeOfError(error);
  expect(outcome).toEqual({ ok: false, code: 'failed', message: MESSAGES.failed });
});

test.each(Object.keys(PROBLEM_STATUS) as ProblemCode[])(
  '%s of the server is told in the server’s own words',
  (code) => {
    const title = 'It could not be done: try it another way.';
    const failure = failureOfAnswer(PROBLEM_STATUS[code], undefined, JSON.stringify(problem(code, title)));
    expect(outcomeOfError(failure)).toMatchObject({ ok: false, message: title });
  },
);

test.each([
  ['ECONNREFUSED', /cannot be reached/],
  ['ETIMEDOUT', /cannot be reached/],
  ['CERT_HAS_EXPIRED', /certificate has expired/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /not trusted on this computer/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
  ['HPE_INVALID_CONSTANT', /too old/],
])('what %s means is said in words', (code, words) => {
  const outcome = outcomeOfError(failureOf(new AxiosError('x', code)));
  expect(outcome).toMatchObject({ message: expect.stringMatching(words) });
  expect(outcome).toMatchObject({ message: expect.not.stringMatching(NOT_FOR_PEOPLE) });
});

test('what a disk refuses is told as the disk’s own sentence', () => {
  const message = 'The disk is full: free some room on it.';
  expect(outcomeOfError(new DiskError('disk-full', message))).toMatchObject({ message });
  expect(outcomeOfError(new Refusal('gone', MESSAGES.gone))).toMatchObject({ code: 'gone', message: MESSAGES.gone });
  expect(outcomeOfError(new ServerFailure({ kind: 'insecure' }, message))).toMatchObject({ message });
});
