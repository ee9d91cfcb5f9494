import { EventEmitter } from 'node:events';
import { fromDesktop, toDesktop } from './line.ts';

let lastId = 0;

export class Notification extends EventEmitter {
  readonly #said: { readonly title: string; readonly body: string };
  readonly #id = ++lastId;

  constructor(said: { readonly title: string; readonly body: string }) {
    super();
    this.#said = said;
  }

  static isSupported = (): boolean => true;

  show(): void {
    const { title, body } = this.#said;
    toDesktop({ type: 'notification', id: this.#id, title, body });
    fromDesktop.on('notification-click', ({ id }) => id === this.#id && this.emit('click'));
  }
}
