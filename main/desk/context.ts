import type { Library } from '../library/library.ts';
import type { Host } from './host.ts';
import type { ProblemLists } from './problemLists.ts';
import type { Session } from './session.ts';
import type { SettingsFile } from './settingsFile.ts';
import type { TransferLists } from './transferLists.ts';

/** What commands work with. */
export interface DeskContext {
  readonly session: Session;
  readonly library: Library;
  readonly host: Host;
  readonly settings: SettingsFile;
  readonly transfers: TransferLists;
  readonly problems: ProblemLists;
  /** `scheme://host:port` of the server. */
  readonly serverUrl: string;
  /** Something that the snapshot says may be different now. */
  readonly changed: () => void;
}
