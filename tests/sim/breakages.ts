/**
 * Deliberate breaches of the rules that the simulator must notice: each replaces a few words of the engine's source while
 * it is loaded.
 */
export interface Breakage {
  /** Of the source file, from the project's root. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Where to begin: a seed shortly before one that finds it, so that a test need not search long. */
  readonly seed: number;
}

export const BREAKAGES: Readonly<Record<string, Breakage>> = {
  'no-precondition': {
    file: 'main/engine/apply/local/localDisk.ts',
    find: "(sight.kind === 'file' || sight.kind === 'folder') && sameObservation(sight, expected)",
    replace: "(sight.kind === 'file' || sight.kind === 'folder')",
    seed: 235,
  },
  'delete-beats-edit': {
    file: 'main/engine/plan/fate.ts',
    find: "return changed ? 'restore-remote' : 'delete-local'",
    replace: "return changed ? 'delete-local' : 'restore-remote'",
    seed: 20,
  },
  'no-conflict-copy': {
    file: 'main/engine/plan/content.ts',
    find: "if (editedHere && editedThere) return 'conflict'",
    replace: "if (editedHere && editedThere) return 'download'",
    seed: 1,
  },
  'rows-in-any-order': {
    file: 'main/engine/store/remoteTree.ts',
    find: 'if (before && before.seq >= node.seq) return false;',
    replace: '',
    seed: 440,
  },
};
