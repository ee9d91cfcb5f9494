import { EnrolDevice, EnrolledDevice, Me, OpenSession, Session } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import { enrolDevice, openSession } from '../auth/devices.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { type App, answers } from './route.ts';

export function deviceRoutes(app: App, { db, config }: Services): void {
  app.post(paths.devices, { schema: { body: EnrolDevice, response: answers(EnrolledDevice) } }, async (request) => {
    if (request.provenBy !== 'enrolment') {
      throw refuse('forbidden', 'A device is enrolled with an enrolment token. Ask for one with `users add`.');
    }
    return enrolDevice(db, request.userId, request.body);
  });

  app.get(paths.me, { schema: { response: answers(Me) } }, async (request) => {
    const user = await db.read
      .selectFrom('users')
      .select(['name', 'role', 'plan'])
      .where('id', '=', request.userId)
      .executeTakeFirstOrThrow();
    return { userId: request.userId, ...user, serverId: db.serverId, maxFileBytes: config.maxFileBytes };
  });
}

/** Proves itself by the device's secret instead of a bearer token. */
export function sessionRoutes(app: App, { db }: Services): void {
  app.post(paths.sessions, { schema: { body: OpenSession, response: answers(Session) } }, (request) =>
    openSession(db, request.body),
  );
}
