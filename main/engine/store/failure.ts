/** What a person can do about an error of the engine's own database; undefined: it is none, or a defect. */
export function stateFailure(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL')
    return 'The disk that holds the state of Driftless is full; nothing was lost: free some space there, then start it again.';
  if (code.startsWith('SQLITE_IOERR'))
    return 'The state of Driftless cannot be read or written; nothing was lost: check the disk that holds it, then start it again.';
  if (code.startsWith('SQLITE_CORRUPT'))
    return 'The state of Driftless is damaged; nothing was lost: remove the file state.db from its state folder, then start it again.';
  return undefined;
}
