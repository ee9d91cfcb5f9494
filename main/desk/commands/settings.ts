import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../engine/disk/filesystem.ts';
import { OWN_FOLDERS } from '../../engine/disk/root.ts';
import { IGNORE_FILE } from '../../engine/scan/ignore.ts';
import { applySettings } from '../applySettings.ts';
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { previewIgnores } from '../ignorePreview.ts';
import { MESSAGES, Refusal } from '../messages.ts';

export function settingsCommands(context: DeskContext): Handlers<Named<'settings'> | Named<'ignore'>> {
  const { session, settings, library, host, changed } = context;
  return {
    'settings.change': (change) => {
      settings.change(change);
      applySettings(session.engine, settings.now);
      host.onSettings(settings.now);
      changed();
      return null;
    },
    'ignore.read': async () => {
      try {
        return await readFile(join(session.folder, IGNORE_FILE), 'utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return '';
        throw error;
      }
    },
    'ignore.preview': ({ patterns }) => previewIgnores(library, patterns),
    'ignore.save': async ({ patterns }) => {
      const path = join(session.folder, IGNORE_FILE);
      const beside = join(session.folder, ...OWN_FOLDERS.tmp, `ignore-${process.pid}`);
      try {
        await writeFile(beside, patterns, { flush: true });
        await rename(beside, path);
      } catch (error) {
        throw new Refusal('failed', MESSAGES.ignoreNotWritten(errorCode(error) ?? 'no reason given'));
      }
      session.engine.syncNow();
      return null;
    },
  };
}
