import type { Readers } from '../content/readers.ts';
import type { Databases } from '../db/connect.ts';
import { atOneMoment } from '../db/locks.ts';
import type { CheckReport, Finding } from './finding.ts';
import { checkFiles, checkObjects } from './objects.ts';
import { checkRows } from './rows.ts';

/**
 * Holds the database against itself and against the stored files, and changes nothing. Beside a running server it sees
 * the rows as they were at one moment, and says nothing of what changes meanwhile.
 */
export async function check({ read }: Databases, stores: Readers, deep: boolean, now: number): Promise<CheckReport> {
  const counted = await atOneMoment(read, async (trx) => {
    const users = (await trx.selectFrom('users').select('id').execute()).map(({ id }) => id);
    const { nodes } = await trx
      .selectFrom('nodes')
      .select((eb) => eb.fn.countAll<number>().as('nodes'))
      .executeTakeFirstOrThrow();
    const { objects } = await trx
      .selectFrom('objects')
      .select((eb) => eb.fn.countAll<number>().as('objects'))
      .executeTakeFirstOrThrow();
    return { users: users.length, nodes, objects, findings: await checkRows(trx, users) };
  });
  const findings: Finding[] = [...counted.findings];
  for await (const finding of checkObjects(read, stores, deep)) findings.push(finding);
  for (const store of stores.all) {
    for await (const finding of checkFiles(read, store, now)) findings.push(finding);
  }
  return { ...counted, deep, findings };
}
