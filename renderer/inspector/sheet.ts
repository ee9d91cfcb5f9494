import { create } from 'zustand';
import { changeLooks, useLooks } from '../library/looks.ts';
import { SNUG } from '../ui/useMedia.ts';

/** Where there is no room beside the list, the inspector is a sheet over it. */
export const useSheet = create<{ readonly open: boolean }>(() => ({ open: false }));

export const closeSheet = (): void => useSheet.setState({ open: false });

/** Shows or hides the inspector, in whichever form there is room for. */
export function toggleInspector(): void {
  if (matchMedia(SNUG).matches) useSheet.setState(({ open }) => ({ open: !open }));
  else changeLooks({ inspector: !useLooks.getState().inspector });
}
