/** Engine and server are started again by themselves until they have ended so often in a row. */
export const MOST_ENDS = 5;

/** `why`: a clause such as `exit code 1`. */
export const keepsStopping = (name: string, why: string): string =>
  `${name} keeps stopping (${why}): start it again, and send a report if it stops once more.`;
