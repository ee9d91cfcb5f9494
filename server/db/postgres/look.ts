import type { DatabaseConfig } from '../../settings/database.ts';
import { asked } from './open.ts';

export interface Looked {
  readonly version: string;
  /** Connections that it takes, and that there are, of everybody. */
  readonly most: number;
  readonly used: number;
}

/** What the doctor wants to know. Throws ConfigFault when it cannot be reached. */
export const lookAt = (config: DatabaseConfig): Promise<Looked> =>
  asked(config, { waiting: () => undefined, lost: () => undefined }, async (client) => {
    const { rows } = await client.query<Looked>(`select current_setting('server_version') as version,
      current_setting('max_connections')::integer as most, (select count(*) from pg_stat_activity) as used`);
    const [found] = rows;
    if (!found) throw new Error('PostgreSQL does not say what it is.');
    return found;
  });
