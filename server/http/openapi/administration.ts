import type { AdminUser, AuditPage, ChangeUser, Recalculated, UsageReport } from '../../../shared/api/admin.ts';
import type { QuarantinedFile, QuarantinePage } from '../../../shared/api/quarantine.ts';
import { GiB } from '../../../shared/bytes.ts';
import { UserId } from '../../../shared/ids.ts';
import type { Descriptions } from './description.ts';
import { NOW } from './samples.ts';

const USER_ID = UserId.parse('01989f3e-6f10-7b2a-8c4d-5e6f7a8b9c0d');

const USER: AdminUser = {
  id: USER_ID,
  name: 'kim',
  clerkId: null,
  role: 'user',
  plan: 'silver',
  limitBytes: 50 * GiB,
  limitIsOwn: false,
  usedBytes: 4_812_331,
  reservedBytes: 0,
  keptBytes: 0,
  fileCount: 1,
  disabledAt: null,
  createdAt: NOW,
};

const QUARANTINED: QuarantinedFile = {
  id: '01989f40-0c10-7d2e-9f3a-4b5c6d7e8f90',
  userId: USER_ID,
  userName: 'kim',
  name: 'invoice.pdf',
  size: 48_123,
  why: 'Pdf.Dropper.Agent-1',
  at: NOW,
  released: false,
};

/** For administrators; to everybody else all of it is forbidden. */
export const administration: Descriptions = {
  'GET /api/v1/admin/users': {
    tag: 'Administration',
    summary: 'Users by name, with what they may store and have stored',
    answer: { users: [USER], next: null },
  },
  'POST /api/v1/admin/users': {
    tag: 'Administration',
    summary: 'Add a user; the token enrols their devices and is shown once',
    body: { name: 'kim', plan: 'silver' },
    answer: { id: USER_ID, name: 'kim', token: 'dle_…' },
  },
  'PATCH /api/v1/admin/users/{id}': {
    tag: 'Administration',
    summary: 'Change the role, the plan or the limit of a user, or keep them out',
    body: { plan: 'silver', quota: { type: 'plan' } } satisfies ChangeUser,
    answer: USER,
  },
  'GET /api/v1/admin/plans': {
    tag: 'Administration',
    summary: 'The plans, and how many users have each',
    answer: { plans: [{ name: 'silver', quotaBytes: 50 * GiB, users: 1 }] },
  },
  'PUT /api/v1/admin/plans/{name}': {
    tag: 'Administration',
    summary: 'What a plan allows; the limits of its users follow, but for those with one of their own',
    body: { quotaBytes: 60 * GiB },
  },
  'POST /api/v1/admin/recalculate': {
    tag: 'Administration',
    summary: 'Set the counters of one user, or of all, to what they count',
    answer: { corrected: [{ userId: USER_ID, counter: 'used_bytes', was: 0, is: 4_812_331 }] } satisfies Recalculated,
  },
  'GET /api/v1/admin/quarantine': {
    tag: 'Administration',
    summary: 'Files that were refused for what is in them, the newest first',
    answer: { files: [QUARANTINED], next: null } satisfies QuarantinePage,
  },
  'POST /api/v1/admin/quarantine/{id}/release': {
    tag: 'Administration',
    summary: 'Put a file where it was meant to go, and let the same content of this user in from now on',
    answer: { ...QUARANTINED, released: true },
  },
  'DELETE /api/v1/admin/quarantine/{id}': {
    tag: 'Administration',
    summary: 'Delete a file for good; of one that was released, look at the same content again',
  },
  'GET /api/v1/admin/audit': {
    tag: 'Administration',
    summary: 'What happened to everybody’s storage, newest first',
    answer: {
      entries: [
        {
          id: 4712,
          at: NOW,
          action: 'plan-change',
          nodeId: null,
          path: null,
          bytes: 0,
          by: 'administrator ada',
          detail: 'from free to silver',
          userId: USER_ID,
          userName: 'kim',
        },
      ],
      next: null,
    } satisfies AuditPage,
  },
  'GET /api/v1/admin/reports/usage': {
    tag: 'Administration',
    summary: 'What is stored, by whom, who is near the limit, and what has come in lately',
    answer: {
      users: 2,
      disabled: 0,
      fileCount: 1,
      usedBytes: 4_812_331,
      keptBytes: 0,
      reservedBytes: 0,
      plans: [{ name: 'silver', users: 2, usedBytes: 4_812_331, fileCount: 1 }],
      nearLimit: [],
      days: [{ day: '2026-01-31', uploads: 1, bytes: 4_812_331 }],
    } satisfies UsageReport,
  },
};
