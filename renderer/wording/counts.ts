import { count } from '../../shared/desktop/truth.ts';

/** `1 item`, `4,812 items` */
export const items = (many: number): string => (many === 1 ? '1 item' : `${count(many)} items`);
export const files = (many: number): string => (many === 1 ? '1 file' : `${count(many)} files`);
