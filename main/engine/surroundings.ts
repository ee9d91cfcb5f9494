/** What about the computer decides whether now is a good time to sync. */
export interface Conditions {
  readonly onBattery: boolean;
  /** What passes over the connection costs money. */
  readonly metered: boolean;
}

export interface Surroundings {
  readonly now: Conditions;
  /** Calls back after every change of `now`; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

/** For computers that do not tell: as if plugged in, with a connection that costs nothing. */
export const goodSurroundings: Surroundings = {
  now: { onBattery: false, metered: false },
  onChange: () => () => undefined,
};
