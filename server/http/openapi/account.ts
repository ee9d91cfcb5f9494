import type { EnrolDevice, EnrolledDevice, Me, OpenSession, Session } from '../../../shared/api/devices.ts';
import type { Health, Readiness } from '../../../shared/api/health.ts';
import { DEFAULT_MAX_FILE_BYTES } from '../../../shared/api/limits.ts';
import { DeviceId, UserId } from '../../../shared/ids.ts';
import type { Descriptions } from './description.ts';
import { NOW } from './samples.ts';

const USER_ID = UserId.parse('01989f3e-6f10-7b2a-8c4d-5e6f7a8b9c0d');
const DEVICE_ID = DeviceId.parse('01989f3e-6fff-7c3b-9d5e-6f7a8b9c0d1e');
const SERVER_ID = '0f4c9a52-3b1d-4e8f-a6c7-d2e1f0b9a8c7';

/** Who asks, and how the server is. */
export const account: Descriptions = {
  'POST /api/v1/devices': {
    tag: 'Account',
    summary: 'Enrol a device; the bearer is an enrolment token',
    body: { name: 'Studio', platform: 'linux' } satisfies EnrolDevice,
    answer: { deviceId: DEVICE_ID, secret: 'dls_…', userId: USER_ID, serverId: SERVER_ID } satisfies EnrolledDevice,
  },
  'POST /api/v1/sessions': {
    tag: 'Account',
    summary: 'Access for 15 minutes to a device that proves itself by its secret',
    body: { deviceId: DEVICE_ID, secret: 'dls_…' } satisfies OpenSession,
    answer: { accessToken: 'dla_…', expiresAt: NOW + 900_000 } satisfies Session,
    open: true,
  },
  'GET /api/v1/me': {
    tag: 'Account',
    summary: 'Whose account this is',
    answer: {
      userId: USER_ID,
      name: 'kim',
      role: 'user',
      plan: 'free',
      hasPassword: true,
      serverId: SERVER_ID,
      maxFileBytes: DEFAULT_MAX_FILE_BYTES,
    } satisfies Me,
  },
  'GET /health': {
    tag: 'Server',
    summary: 'Whether the server is up',
    answer: { status: 'ok', version: '0.1.0', serverId: SERVER_ID } satisfies Health,
    open: true,
  },
  'GET /ready': {
    tag: 'Server',
    summary: 'Whether the server can do its work',
    answer: { ready: true, database: 'good', storage: 'good' } satisfies Readiness,
    open: true,
  },
};
