import { CompiledQuery } from 'kysely';
import { numbered } from '../db/dialect.ts';
import type { Db, NodeRow } from '../db/schema.ts';
import { NODE_COLUMNS } from './node.ts';

const CHANGING = NODE_COLUMNS.filter((column) => column !== 'user_id' && column !== 'id');
const UPDATE = `update nodes set ${CHANGING.map((column) => `${column} = ?`).join(', ')} where user_id = ? and id = ?`;

/** Writes a whole row back. */
export async function updateNode(trx: Db, row: NodeRow): Promise<void> {
  const values = CHANGING.map((column) => row[column]);
  await trx.executeQuery(CompiledQuery.raw(numbered(trx, UPDATE), [...values, row.user_id, row.id]));
}
