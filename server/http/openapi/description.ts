/** What the API's description says of a route besides its schemas. */
export interface Description {
  readonly tag:
    | 'Files'
    | 'Library'
    | 'Versions and trash'
    | 'Links'
    | 'Transfers'
    | 'Changes'
    | 'Storage'
    | 'Account'
    | 'Administration'
    | 'Earlier clients'
    | 'Server';
  readonly summary: string;
  /** An example of the body, where that is JSON; else its media type in `bodyType`. */
  readonly body?: unknown;
  readonly bodyType?: string;
  /** Fields of a form besides its files, with an example of each. */
  readonly fields?: Readonly<Record<string, string>>;
  /** An example of the answer, where that is JSON; else its media type in `answerType`. */
  readonly answer?: unknown;
  readonly answerType?: string;
  /** Needs no token. */
  readonly open?: true;
}

/** By method and path as the description writes them: `GET /api/v1/nodes/{id}`. */
export type Descriptions = Readonly<Record<string, Description>>;
