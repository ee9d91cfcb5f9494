/** Small choices that outlive the page. Where there is no storage, they last as long as the page. */
export function remembered<T>(key: string, isOne: (value: unknown) => value is T, otherwise: T): T {
  try {
    const text = localStorage.getItem(`driftless.${key}`);
    const value: unknown = text === null ? otherwise : JSON.parse(text);
    return isOne(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`driftless.${key}`, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}
