/** The list of the library takes the keyboard. */
export function focusList(): void {
  document.querySelector<HTMLElement>('[data-library-list]')?.focus({ preventScroll: true });
}

export function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search-field]');
  field?.focus();
  field?.select();
}
