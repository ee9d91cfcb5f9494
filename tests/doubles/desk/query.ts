import type { LibraryQuery, LibrarySection } from '../../../shared/desktop/library.ts';
import type { Node } from './library.ts';

const DAY = 86_400_000;
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** What an engine would answer a query with, by looking at everything. */
export function matching(nodes: readonly Node[], query: LibraryQuery, now: number): readonly Node[] {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = nodes.filter((node) => belongs(node, query, now) && narrowed(node, query, words));
  const way = query.descending ? -1 : 1;
  return kept.sort((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || way * order(query, a, b));
}

function belongs(node: Node, { place, search }: LibraryQuery, now: number): boolean {
  if (place.kind === 'trash') return node.trashedAt !== null;
  if (node.trashedAt !== null) return false;
  if (place.kind === 'folder') return search === '' ? node.parent === place.id : node.kind === 'file';
  if (node.kind === 'folder') return false;
  switch (place.kind) {
    case 'all':
      return true;
    case 'favourites':
      return node.favourite;
    case 'recent':
      return node.addedAt > now - 30 * DAY;
    case 'type':
      return node.type === place.type;
  }
}

function narrowed(node: Node, query: LibraryQuery, words: readonly string[]): boolean {
  if (query.favourites && !node.favourite) return false;
  if (!query.tags.every((tag) => node.tags.includes(tag))) return false;
  if (words.length === 0) return true;
  const text = `${node.name} ${node.tags.join(' ')}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function order({ sort }: LibraryQuery, a: Node, b: Node): number {
  switch (sort) {
    case 'added':
      return a.addedAt - b.addedAt;
    case 'modified':
      return a.modifiedAt - b.modifiedAt;
    case 'name':
      return a.name < b.name ? -1 : 1;
    case 'size':
      return a.size - b.size;
    case 'type':
      return a.type.localeCompare(b.type);
  }
}

export function sections(nodes: readonly Node[], query: LibraryQuery, now: number): readonly LibrarySection[] {
  const found: { title: string | null; from: number; count: number }[] = [];
  nodes.forEach((node, index) => {
    const title = titleOf(node, query, now);
    const last = found.at(-1);
    if (last !== undefined && last.title === title) last.count += 1;
    else found.push({ title, from: index, count: 1 });
  });
  return found;
}

function titleOf(node: Node, { sort }: LibraryQuery, now: number): string | null {
  if (node.kind === 'folder') return 'Folders';
  switch (sort) {
    case 'added':
      return day(node.addedAt, now);
    case 'modified':
      return day(node.modifiedAt, now);
    case 'name':
      return node.name.slice(0, 1).toUpperCase();
    case 'type':
      return node.type;
    case 'size':
      return null;
  }
}

function day(at: number, now: number): string {
  if (at > now - DAY) return 'Today';
  if (at > now - 7 * DAY) return 'This week';
  const date = new Date(at);
  return `${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}
