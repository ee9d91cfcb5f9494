import { z } from 'zod';
import {
  AddedUser,
  AddUser,
  AdminUser,
  AdminUserPage,
  AuditPage,
  ChangePlan,
  ChangeUser,
  PlanList,
  Recalculated,
  UsageReport,
} from '../../shared/api/admin.ts';
import { paths } from '../../shared/api/paths.ts';
import { ACTIVITIES } from '../../shared/api/storage.ts';
import { UserId } from '../../shared/ids.ts';
import { usageReport } from '../admin/report.ts';
import { changeUser, userPage } from '../admin/users.ts';
import { auditTrail } from '../audit/activity.ts';
import { actingAs } from '../audit/actor.ts';
import { addUser, DEFAULT_PLAN, UserFault } from '../auth/users.ts';
import { listPlans, setPlanQuota } from '../quota/plans.ts';
import { recalculate } from '../quota/recalculate.ts';
import { refuse } from '../refusal.ts';
import type { Services } from '../services.ts';
import { quarantineRoutes } from './quarantine.ts';
import { type App, answers, noContent } from './route.ts';
import { ActivityPaging } from './storage.ts';

const UserParams = z.object({ id: UserId });
const PlanParams = z.object({ name: z.string() });
const UserPaging = z.object({
  cursor: z.string().max(100).optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const OneUser = z.object({ user: UserId.optional().describe('Default: all of them') });
const AuditPaging = ActivityPaging.extend({ user: UserId.optional(), action: z.enum(ACTIVITIES).optional() });

/** For administrators alone. To be registered in a scope of its own, inside the one that needs a bearer. */
export function adminRoutes(app: App, services: Services): void {
  const { db, clock, revocations } = services;
  app.addHook('onRequest', async ({ proof }) => {
    if (proof.role !== 'admin') throw refuse('forbidden', 'This is for administrators. Ask one of them.');
  });
  app.addHook('preHandler', (request, _reply, done) => {
    nameOf(request.userId).then((name) => actingAs(name, done), done);
  });
  const nameOf = async (id: UserId): Promise<string> => {
    const user = await db.read.selectFrom('users').select('name').where('id', '=', id).executeTakeFirstOrThrow();
    return `administrator ${user.name}`;
  };

  app.get(
    paths.adminUsers,
    { schema: { querystring: UserPaging, response: answers(AdminUserPage) } },
    ({ query: { cursor, limit } }) => userPage(db.read, cursor, limit),
  );
  app.post(paths.adminUsers, { schema: { body: AddUser, response: answers(AddedUser) } }, ({ body }) =>
    asked(() => addUser(db.write, body.name, body.plan ?? DEFAULT_PLAN, body.role)),
  );
  app.patch(
    paths.adminUser(':id'),
    { schema: { params: UserParams, body: ChangeUser, response: answers(AdminUser) } },
    async ({ params, body }) => {
      const changed = await asked(() => changeUser(db.write, params.id, body, clock.now()));
      await revocations.look();
      return changed;
    },
  );

  app.get(paths.adminPlans, { schema: { response: answers(PlanList) } }, async () => ({
    plans: await listPlans(db.read),
  }));
  app.put(
    paths.adminPlan(':name'),
    { schema: { params: PlanParams, body: ChangePlan, response: noContent } },
    async ({ params, body }, reply) => {
      const plans = await listPlans(db.read);
      if (!plans.some(({ name }) => name === params.name))
        throw refuse('not-found', 'There is no such plan. Look at the list of plans.');
      await setPlanQuota(db.write, params.name, body.quotaBytes);
      return reply.code(204).send();
    },
  );

  app.post(
    paths.adminRecalculate,
    { schema: { querystring: OneUser, response: answers(Recalculated) } },
    ({ query: { user } }) => recalculate(db.write, user, false),
  );
  app.get(
    paths.adminAudit,
    { schema: { querystring: AuditPaging, response: answers(AuditPage) } },
    ({ query: { user, action, cursor, limit } }) =>
      auditTrail(db.read, { userId: user, action, before: cursor, limit }),
  );
  app.get(paths.adminUsage, { schema: { response: answers(UsageReport) } }, () => usageReport(db.read, clock.now()));
  quarantineRoutes(app, services);
}

/** What the command line says of a request that cannot be met, the API says as well. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof UserFault ? refuse('malformed', error.message) : error;
  }
}
