import type { FileType } from '../../shared/fileTypes.ts';

export const TYPES: readonly FileType[] = ['image', 'video', 'audio', 'scene', 'project', 'document', 'other'];

export const TYPE_NAMES: Readonly<Record<FileType, string>> = {
  image: 'Images',
  video: 'Videos',
  audio: 'Audio',
  scene: 'Scenes',
  project: 'Projects',
  document: 'Documents',
  other: 'Other',
};

/** `ALS`, `PDF`: what stands in for a picture. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot + 1) : '';
  return extension.length > 0 && extension.length <= 5 ? extension.toUpperCase() : 'FILE';
}
