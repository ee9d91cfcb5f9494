import { create } from 'zustand';
import { library, select } from '../library/library.ts';
import { choose } from '../library/selection.ts';

/** The item that is looked at, by its index in the list; null: none. */
export const useQuickLook = create<{ readonly index: number | null }>(() => ({ index: null }));

export const lookAt = (index: number): void => {
  useQuickLook.setState({ index });
  select(choose(index));
};

export const stopLooking = (): void => useQuickLook.setState({ index: null });

export function lookBeside(step: 1 | -1): void {
  const { index } = useQuickLook.getState();
  const { total } = library();
  if (index === null) return;
  const next = index + step;
  if (next >= 0 && next < total) lookAt(next);
}
