import { app, shell } from 'electron';
import type { Favour } from './engineMessages.ts';

/** Does what the engine's process asks of the desktop; answers whether it could be done. */
export async function doFavour(favour: Favour): Promise<boolean> {
  switch (favour.do) {
    case 'open':
      return (await shell.openPath(favour.path)) === '';
    case 'show':
      shell.showItemInFolder(favour.path);
      return true;
    case 'show-logs':
      return (await shell.openPath(app.getPath('logs'))) === '';
  }
}
