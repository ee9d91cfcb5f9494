import { z } from 'zod';

/** RFC 9457 problem types of this API: `code` is the stable last segment of `type`. */
export const PROBLEM_STATUS = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'no-thumbnail': 404,
  'name-taken': 409,
  'base-changed': 409,
  'changed-inside': 409,
  'parent-missing': 409,
  'would-loop': 409,
  'upload-mismatch': 409,
  'cursor-unknown': 410,
  'upload-gone': 410,
  'link-gone': 410,
  'precondition-failed': 412,
  'too-large': 413,
  'type-refused': 415,
  'name-refused': 422,
  'hash-mismatch': 422,
  quarantined: 423,
  'precondition-required': 428,
  'too-many-requests': 429,
  internal: 500,
  unavailable: 503,
  'quota-exceeded': 507,
  'disk-full': 507,
} as const;

export type ProblemCode = keyof typeof PROBLEM_STATUS;
export const ProblemCode = z.enum(Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]]);

/** Sent as application/problem+json; also the value of one refused item inside a batch's answer. */
export const Problem = z.object({
  type: z.string(),
  code: ProblemCode,
  title: z.string().describe('One sentence for a person, with a next step'),
  status: z.number().int(),
  quota: z
    .object({
      usedBytes: z.number(),
      reservedBytes: z.number(),
      limitBytes: z.number().nullable(),
      neededBytes: z.number(),
    })
    .optional(),
  limitBytes: z.number().optional().describe('With too-large: the limit of one file'),
  retryAfterSeconds: z.number().int().optional().describe('With too-many-requests: as in Retry-After'),
});
export type Problem = z.infer<typeof Problem>;

export function problem(code: ProblemCode, title: string, more: Partial<Problem> = {}): Problem {
  return { type: `urn:driftless:problem:${code}`, code, title, status: PROBLEM_STATUS[code], ...more };
}
