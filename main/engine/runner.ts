/**
 * Runs a job over and over, never twice at once: a request made while it runs is answered by one more run after it,
 * so whoever asks always gets a run begun after asking.
 */
export class Runner {
  readonly #job: () => Promise<void>;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #closed = false;

  /** `job` handles its own failures; what it throws is passed to whoever asked. */
  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  /** Resolves after a run that began after this call. */
  request(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    if (!this.#running) {
      this.#running = this.#run();
      return this.#running;
    }
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = null;
        this.#running = this.#run();
        return this.#running;
      });
    return this.#next;
  }

  get busy(): boolean {
    return this.#running !== null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running?.catch(() => undefined);
  }

  async #run(): Promise<void> {
    try {
      if (!this.#closed) await this.#job();
    } finally {
      this.#running = null;
    }
  }
}
