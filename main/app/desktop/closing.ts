/** What the close button of the window does. */
export type OnClose =
  /** The window goes, the app stays in the tray. */
  | 'hide'
  /** Without a tray nothing would lead back to a hidden window. */
  | 'minimise';

export interface Closing {
  readonly onClose: OnClose;
  /** To be said the first time on this computer. */
  readonly say: string;
}

export const closing = (tray: boolean): Closing =>
  tray
    ? { onClose: 'hide', say: 'Driftless goes on in the background: its icon beside the clock opens it again.' }
    : {
        onClose: 'minimise',
        say: 'Driftless goes on in the background: this desktop has no tray, so its window stays in the task list.',
      };
