import type { DragEvent } from 'react';
import type { NodeId } from '../../shared/ids.ts';

/** Where something that is dragged would land. */
export interface Target {
  readonly way: 'add' | 'move';
  /** null: the top. */
  readonly folder: NodeId | null;
  readonly name: string;
  readonly count: number;
}

/** `open`: the folder whose list is shown; `held`: what of the list itself is dragged. null: it cannot land here. */
export function targetOf(event: DragEvent, open: NodeId | null, held: readonly NodeId[]): Target | null {
  const moving = held.length > 0;
  if (!moving && !event.dataTransfer.types.includes('Files')) return null;
  const count = moving ? held.length : [...event.dataTransfer.items].filter(({ kind }) => kind === 'file').length;
  const element =
    event.target instanceof Element ? event.target.closest<HTMLElement>('[data-folder],[data-drop]') : null;
  const id = (element?.dataset.folder ?? element?.dataset.drop) as NodeId | undefined;
  if (element !== null && id !== undefined && !held.includes(id)) {
    const name = element.querySelector('[title]')?.textContent ?? element.textContent ?? '';
    return { way: moving ? 'move' : 'add', folder: id, name: name === '' ? 'this folder' : name, count };
  }
  if (moving) return null;
  return { way: 'add', folder: open, name: open === null ? 'the top of your folder' : 'this folder', count };
}

export const sameTarget = (a: Target | null, b: Target | null): boolean =>
  a?.folder === b?.folder && a?.count === b?.count && a?.way === b?.way;
