// Runs before the page is painted, so that a chosen theme never flashes in the other one's colours.
try {
  const chosen = localStorage.getItem('driftless.appearance');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.appearance = chosen;
} catch {
  // Without storage the system's theme is as good a first guess as any.
}
