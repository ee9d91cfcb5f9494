import { ChangePassword, Me } from '../../shared/api/devices.ts';
import { paths } from '../../shared/api/paths.ts';
import { changePassword } from '../auth/signIn.ts';
import type { Services } from '../services.ts';
import { type App, answers, noContent } from './route.ts';

/** What a user sees and changes of their own account. */
export function meRoutes(app: App, services: Services): void {
  const { db, config } = services;
  app.get(paths.me, { schema: { response: answers(Me) } }, async ({ userId }) => {
    const { name, role, plan, password } = await db.read
      .selectFrom('users')
      .select(['name', 'role', 'plan', 'password'])
      .where('id', '=', userId)
      .executeTakeFirstOrThrow();
    const { maxFileBytes } = config;
    return { userId, name, role, plan, hasPassword: password !== null, serverId: db.serverId, maxFileBytes };
  });

  app.put(
    paths.password,
    { config: { rate: 'signIn' }, schema: { body: ChangePassword, response: noContent } },
    async (request, reply) => {
      await changePassword(services, request.proof, request.body, request.ip);
      return reply.code(204).send();
    },
  );
}
