/**
 * Between the desktop app and the server that it runs. In the app nobody but its main process can start a process, so the
 * server asks it for the ones that look into media, and speaks with them through it. `id`: which of them.
 */
export type ToHost =
  | { readonly type: 'looker-start'; readonly id: number }
  | { readonly type: 'looker-tell'; readonly id: number; readonly message: unknown }
  | { readonly type: 'looker-kill'; readonly id: number };

export type FromHost =
  | { readonly type: 'looker-started'; readonly id: number; readonly pid: number }
  | { readonly type: 'looker-said'; readonly id: number; readonly message: unknown }
  | { readonly type: 'looker-ended'; readonly id: number };
