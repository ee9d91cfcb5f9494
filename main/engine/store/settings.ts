import type { StateDatabase } from './database.ts';
import type { Seal } from './seal.ts';

/** Single values of the state, each with one writer. */
export interface SettingValues {
  readonly folderId: string;
  readonly serverId: string;
  readonly userId: string;
  readonly deviceId: string;
  /** Sealed where there is a key for it. */
  readonly deviceSecret: string;
  /** SHA-256 of the token that enrolled this device: another token means enrolling anew. */
  readonly tokenHash: string;
  readonly cursor: string;
  /** Which ignore patterns everything on disk was last looked at with. */
  readonly judgedBy: string;
  /** JSON of cursors followed before, by seq: what is left to go by should the server lose the present one. */
  readonly checkpoints: string;
  /** JSON of the transfers that a person has cancelled, see cancelled.ts. */
  readonly cancelled: string;
  /** The last sequence number shared with a server that went back in time, until all of its tree is known; else empty. */
  readonly baseSeq: string;
}

export interface Settings {
  get(key: keyof SettingValues): string | null;
  set(values: Partial<SettingValues>): void;
}

export function openSettings(db: StateDatabase, { seal, open }: Seal): Settings {
  const select = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck();
  const upsert = db.prepare(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const get = (key: keyof SettingValues): string | null => {
    const kept = select.get(key) ?? null;
    return key === 'deviceSecret' && kept !== null ? open(kept) : kept;
  };
  const set = (values: Partial<SettingValues>): void => {
    for (const [key, value] of Object.entries(values)) {
      upsert.run(key, key === 'deviceSecret' && value !== '' ? seal(value) : value);
    }
  };
  // What was kept before there was a key is not left lying openly.
  const kept = select.get('deviceSecret') ?? '';
  if (kept !== '' && open(kept) === kept && seal(kept) !== kept) set({ deviceSecret: kept });
  return { get, set };
}
