import { app, dialog, shell } from 'electron';
import type { Favour, FavourAnswer, FavourAnswers } from './engineMessages.ts';

type Doers = { readonly [Name in keyof FavourAnswers]: Doer<Name> };
type Doer<Name extends keyof FavourAnswers> = (
  favour: Extract<Favour, { readonly do: Name }>,
) => Promise<FavourAnswers[Name]>;

/** What the app itself does, besides what any program of the desktop can. */
export type OwnFavours = Pick<Doers, 'start-server' | 'stop-server' | 'sign-in' | 'leave-sign-in'>;

/** Answers whether it could be done. */
export const showLogs = async (): Promise<boolean> => (await shell.openPath(app.getPath('logs'))) === '';

/** Does what the engine's process asks of the desktop. */
export function doFavours(own: OwnFavours): <F extends Favour>(favour: F) => Promise<FavourAnswer<F>> {
  const doers: Doers = {
    ...own,
    open: async ({ path }) => (await shell.openPath(path)) === '',
    show: async ({ path }) => {
      shell.showItemInFolder(path);
      return true;
    },
    'show-logs': showLogs,
    'choose-folder': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog({
        title: 'Choose the folder to keep the same',
        properties: ['openDirectory', 'createDirectory'],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
  // Name and favour belong together by the table above; a type cannot follow them through a lookup.
  return (favour) => (doers[favour.do] as (favour: Favour) => Promise<never>)(favour);
}
