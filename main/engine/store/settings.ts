import type { StateDatabase } from './database.ts';

/** Single values of the state, each with one writer. */
export interface SettingValues {
  readonly folderId: string;
  readonly serverId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly deviceSecret: string;
  /** SHA-256 of the token that enrolled this device: another token means enrolling anew. */
  readonly tokenHash: string;
  readonly cursor: string;
  /** Which ignore patterns everything on disk was last looked at with. */
  readonly judgedBy: string;
  /** JSON of cursors followed before, by seq: what is left to go by should the server lose the present one. */
  readonly checkpoints: string;
  /** The last sequence number shared with a server that went back in time, until all of its tree is known; else empty. */
  readonly baseSeq: string;
}

export interface Settings {
  get(key: keyof SettingValues): string | null;
  set(values: Partial<SettingValues>): void;
}

export function openSettings(db: StateDatabase): Settings {
  const select = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck();
  const upsert = db.prepare(
    'INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (key) => select.get(key) ?? null,
    set: (values) => {
      for (const [key, value] of Object.entries(values)) upsert.run(key, value);
    },
  };
}
