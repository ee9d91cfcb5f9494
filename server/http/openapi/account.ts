import type {
  ChangePassword,
  DeviceList,
  EnrolDevice,
  EnrolledDevice,
  Me,
  OpenSession,
  Pairing,
  Session,
  SignInMethods,
} from '../../../shared/api/devices.ts';
import type { Health, Readiness } from '../../../shared/api/health.ts';
import { DEFAULT_MAX_FILE_BYTES } from '../../../shared/api/limits.ts';
import type { ActivityPage } from '../../../shared/api/storage.ts';
import { DeviceId, UserId } from '../../../shared/ids.ts';
import type { Descriptions } from './description.ts';
import { FILE_ID, NOW } from './samples.ts';

const USER_ID = UserId.parse('01989f3e-6f10-7b2a-8c4d-5e6f7a8b9c0d');
const DEVICE_ID = DeviceId.parse('01989f3e-6fff-7c3b-9d5e-6f7a8b9c0d1e');
const SERVER_ID = '0f4c9a52-3b1d-4e8f-a6c7-d2e1f0b9a8c7';

/** Who asks, and how the server is. */
export const account: Descriptions = {
  'POST /api/v1/devices': {
    tag: 'Account',
    summary: 'Enrol a device, by what the request says or by its bearer: an enrolment token, or a token of Clerk',
    body: {
      name: 'Studio',
      platform: 'linux',
      proof: { type: 'pairing', code: '7KQM-2D9X' },
    } satisfies EnrolDevice,
    answer: { deviceId: DEVICE_ID, secret: 'dls_…', userId: USER_ID, serverId: SERVER_ID } satisfies EnrolledDevice,
  },
  'GET /api/v1/auth': {
    tag: 'Account',
    summary: 'The ways of signing in that this server has',
    answer: {
      methods: ['enrolment-token', 'password', 'pairing', 'clerk'],
      clerk: { publishableKey: 'pk_live_…' },
    } satisfies SignInMethods,
    open: true,
  },
  'GET /api/v1/devices': {
    tag: 'Account',
    summary: 'The devices that have access, the newest first',
    answer: {
      devices: [
        { id: DEVICE_ID, name: 'Studio', platform: 'linux', createdAt: NOW, seenAt: NOW + 60_000, current: true },
      ],
    } satisfies DeviceList,
  },
  'DELETE /api/v1/devices/{id}': {
    tag: 'Account',
    summary: 'Take the access of a device back; its sessions and event streams end at once',
  },
  'POST /api/v1/pairings': {
    tag: 'Account',
    summary: 'A code that lets one more device in, once and within ten minutes',
    answer: { code: '7KQM-2D9X', expiresAt: NOW + 600_000 } satisfies Pairing,
  },
  'PUT /api/v1/me/password': {
    tag: 'Account',
    summary: 'Set the password; where there was one, the other devices lose their access unless they are kept',
    body: {
      current: 'incorrect horse',
      password: 'correct horse battery',
      otherDevices: 'end',
    } satisfies ChangePassword,
  },
  'GET /api/v1/storage/activity': {
    tag: 'Storage',
    summary: 'What happened, newest first',
    answer: {
      activities: [
        {
          id: 4711,
          at: NOW,
          action: 'upload',
          nodeId: FILE_ID,
          path: 'Shoots/Harbour at dawn.jpg',
          bytes: 4_812_331,
          by: 'Studio',
          detail: null,
        },
      ],
      next: '4711',
    } satisfies ActivityPage,
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
    answer: { ready: true, database: 'good', storage: 'good', ffmpeg: 'good' } satisfies Readiness,
    open: true,
  },
};
