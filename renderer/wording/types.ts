import { AudioLines, Box, File, FileText, Image, Layers, type LucideIcon, Video } from 'lucide-react';
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

export const TYPE_ICONS: Readonly<Record<FileType, LucideIcon>> = {
  image: Image,
  video: Video,
  audio: AudioLines,
  scene: Box,
  project: Layers,
  document: FileText,
  other: File,
};

/** `ALS`, `PDF`: what stands in for a picture. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot + 1) : '';
  return extension.length > 0 && extension.length <= 5 ? extension.toUpperCase() : 'FILE';
}
