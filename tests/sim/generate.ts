import { SMALL_FILE_BYTES } from '../../shared/api/limits.ts';
import { OWN_FOLDER } from '../../shared/names.ts';
import type { Action, Deed, Event, ServerEvent } from './actions.ts';
import type { Chance } from './chance.ts';
import { type Device, ROOT } from './device.ts';
import type { Setting } from './history.ts';

/** Few names, so that they clash; some that are one name on some disks. */
const NAMES = ['a', 'b', 'c.txt', 'A', 'B', 'é', 'e\u0301', 'd'] as const;
const FOLDERS = ['d', 'e', 'f', 'D'] as const;

const DEEDS = {
  write: 20,
  append: 8,
  save: 8,
  'backup-save': 5,
  delete: 12,
  'delete-folder': 5,
  move: 14,
  'move-folder': 8,
  swap: 4,
  'swap-folders': 2,
  mkdir: 9,
  invert: 3,
  retype: 4,
  executable: 3,
  touch: 3,
  twins: 6,
} as const;

/** Chooses what happens next, as the disks are now. */
export class Generator {
  readonly #chance: Chance;
  readonly #setting: Setting;
  #texts = 0;
  /** The same deed for the other devices. */
  #twins: { device: string; deed: Deed }[] = [];

  constructor(chance: Chance, setting: Setting) {
    this.#chance = chance;
    this.#setting = setting;
  }

  next(devices: readonly Device[]): Action | undefined {
    const chance = this.#chance;
    const twin = this.#twins.pop();
    if (twin) return { after: chance.below(3), device: twin.device, ...twin.deed };
    const after = chance.happens(0.25) ? 'quiet' : chance.happens(0.4) ? chance.below(4) : chance.below(150);
    const device = chance.pick(devices);
    if (!device) return undefined;
    const { server, restores } = this.#setting.trouble;
    const serverEvent = (server || restores) && chance.happens(0.15) ? this.#serverEvent() : undefined;
    if (serverEvent) return { after, ...serverEvent };
    const event = chance.happens(0.2) ? this.#event(device) : undefined;
    if (event) return { after, device: device.name, ...event };
    const deed = this.#deed(device, devices);
    return deed && { after, device: device.name, ...deed };
  }

  #event(device: Device): Event | undefined {
    const { kills, powerCuts, disk } = this.#setting.trouble;
    const chance = this.#chance;
    if (!device.isUp && chance.happens(0.8)) return { do: 'start' };
    const event = chance.weighted({
      kill: kills ? 4 : 0,
      'power-cut': powerCuts ? 4 : 0,
      'disk-full': disk ? 4 : 0,
      'sync-now': 1,
    });
    if (event === 'disk-full') return { do: event, on: !device.disk.full };
    return { do: event };
  }

  #serverEvent(): ServerEvent {
    const restores = this.#setting.trouble.restores ? 4 : 0;
    const event = this.#chance.weighted({
      'server-down': 4,
      'server-up': 5,
      quota: 2,
      backup: restores,
      restore: restores,
    });
    return event === 'quota' ? { do: event, on: this.#chance.happens(0.5) } : { do: event };
  }

  #deed(device: Device, devices: readonly Device[]): Deed | undefined {
    const chance = this.#chance;
    const all = [...device.disk.walk(ROOT)].filter(({ path }) => !path.startsWith(OWN_FOLDER));
    const files = all.filter(({ inode }) => inode.kind === 'file').map(({ path }) => path);
    const folders = all.filter(({ inode }) => inode.kind === 'folder').map(({ path }) => path);
    const file = chance.pick(files);
    const folder = chance.pick(folders);
    const kind = chance.weighted(DEEDS);
    switch (kind) {
      case 'write': {
        const path = file !== undefined && chance.happens(0.5) ? file : this.#freshPath(folders, NAMES);
        const large = chance.happens(0.05) ? { size: SMALL_FILE_BYTES + 1 + chance.below(200_000) } : {};
        return { do: 'write', path, text: this.#text(device), ...large };
      }
      case 'append':
        return file === undefined ? undefined : { do: kind, path: file, text: this.#text(device) };
      case 'save': {
        if (file === undefined) return undefined;
        const temporary = chance.happens(0.5) ? `${file}.tmp` : `${file}.new`;
        return { do: kind, path: file, text: this.#text(device), temporary };
      }
      case 'backup-save':
      case 'retype':
        return file === undefined ? undefined : { do: kind, path: file, text: this.#text(device) };
      case 'delete':
        return file === undefined ? undefined : { do: kind, path: file };
      case 'delete-folder':
        return folder === undefined ? undefined : { do: 'delete', path: folder };
      case 'move':
        return file === undefined ? undefined : { do: 'move', path: file, to: this.#target(file, folders, NAMES) };
      case 'move-folder':
        return folder === undefined
          ? undefined
          : { do: 'move', path: folder, to: this.#target(folder, folders, FOLDERS) };
      case 'swap': {
        const other = chance.pick(files);
        return file === undefined || other === undefined || other === file
          ? undefined
          : { do: 'swap', path: file, with: other };
      }
      case 'swap-folders': {
        const other = chance.pick(folders);
        return folder === undefined || other === undefined || other === folder
          ? undefined
          : { do: 'swap', path: folder, with: other };
      }
      case 'mkdir':
        return { do: 'mkdir', path: this.#freshPath(folders, FOLDERS) };
      case 'invert': {
        const inner = chance.pick(folders.filter((path) => path.includes('/')));
        return inner === undefined ? undefined : { do: 'invert', path: inner.slice(0, inner.lastIndexOf('/')), inner };
      }
      case 'executable':
        return file === undefined ? undefined : { do: kind, path: file, on: chance.happens(0.7) };
      case 'touch':
        return file === undefined
          ? undefined
          : { do: kind, path: file, mtimeMs: Date.UTC(2020, 0, 1 + chance.below(9)) };
      case 'twins': {
        const path = file !== undefined && chance.happens(0.4) ? file : this.#freshPath(folders, NAMES);
        const deed: Deed = { do: 'write', path, text: this.#text(device) };
        this.#twins = devices.filter((other) => other !== device).map(({ name }) => ({ device: name, deed }));
        return deed;
      }
    }
  }

  #text({ name }: Device): string {
    this.#texts += 1;
    return `${name}${this.#texts}|`;
  }

  #freshPath(folders: readonly string[], names: readonly string[]): string {
    const name = this.#chance.pick(names) ?? 'a';
    const shallow = folders.filter((path) => path.split('/').length < 3);
    const folder = this.#chance.happens(0.5) ? this.#chance.pick(shallow) : undefined;
    return folder === undefined ? name : `${folder}/${name}`;
  }

  /** Often only another name, sometimes only in case. */
  #target(path: string, folders: readonly string[], names: readonly string[]): string {
    if (this.#chance.happens(0.5)) return this.#freshPath(folders, names);
    const at = path.lastIndexOf('/') + 1;
    const name = path.slice(at);
    const changed = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    return path.slice(0, at) + (this.#chance.happens(0.3) ? changed : (this.#chance.pick(names) ?? 'a'));
  }
}
