import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, Settings } from '../../shared/desktop/settings.ts';
import { MESSAGES, Refusal } from './messages.ts';

/** What a person chose, in the engine's state folder. What cannot be read counts as not chosen. */
export class SettingsFile {
  readonly #path: string;
  #settings: Settings;

  /** `first`: what counts for who never chose, besides the defaults. */
  constructor(stateDir: string, first: Partial<Settings>) {
    this.#path = join(stateDir, 'settings.json');
    this.#settings = { ...DEFAULT_SETTINGS, ...first, ...read(this.#path) };
  }

  get now(): Settings {
    return this.#settings;
  }

  /** Renamed into place, so that a crash leaves the old or the new ones. Throws Refusal. */
  change(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): void {
    const settings = Settings.parse({ ...this.#settings, ...change });
    try {
      writeFileSync(`${this.#path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600, flush: true });
      renameSync(`${this.#path}.new`, this.#path);
    } catch {
      throw new Refusal('failed', MESSAGES.settingsNotWritten);
    }
    this.#settings = settings;
  }
}

function read(path: string): Partial<Settings> {
  try {
    const { data } = Settings.partial().safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return Object.fromEntries(Object.entries(data ?? {}).filter(([, value]) => value !== undefined));
  } catch {
    return {};
  }
}
