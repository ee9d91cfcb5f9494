/** Something the person who typed the command must mend; the message is one sentence with a next step. */
export class Fault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Fault';
  }
}
