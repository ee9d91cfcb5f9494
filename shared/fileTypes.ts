import { splitExtension } from './names.ts';

/** The library's types, and the folder of the owner's storage in which objects of that type lie. */
export const FILE_TYPES = {
  image: 'images',
  video: 'videos',
  audio: 'audio',
  scene: 'scenes',
  project: 'projects',
  document: 'documents',
  other: 'other',
} as const;

export type FileType = keyof typeof FILE_TYPES;

const EXTENSIONS: Record<Exclude<FileType, 'other'>, string> = {
  image: 'jpg jpeg png gif webp avif heic heif tif tiff bmp svg ico raw cr2 cr3 nef arw dng orf rw2 raf exr hdr tga',
  video: 'mp4 m4v mov mkv webm avi mpg mpeg mts m2ts wmv flv 3gp ogv mxf',
  audio: 'mp3 wav flac aac m4a ogg oga opus aif aiff wma mid midi',
  scene: 'blend fbx obj gltf glb usd usda usdc usdz stl ply abc ma mb max c4d 3ds dae hip hda vox',
  project: 'psd psb ai indd prproj aep als flp logicx ptx drp fcpxml xd fig sketch kra xcf afdesign afphoto veg rpp',
  document: 'pdf txt md rtf doc docx odt xls xlsx ods csv ppt pptx odp pages numbers key epub json xml html htm',
};

const BY_EXTENSION = new Map<string, FileType>(
  Object.entries(EXTENSIONS).flatMap(([type, list]) => list.split(' ').map((ext) => [ext, type as FileType] as const)),
);

/** Type by the name's extension; `other` when it is unknown. */
export const fileTypeOf = (name: string): FileType =>
  BY_EXTENSION.get(splitExtension(name).extension.slice(1).toLowerCase()) ?? 'other';

/** The extension as it may stand in a stored object's name: lower-case letters and digits, at most ten, or none. */
export function safeExtension(name: string): string {
  const extension = splitExtension(name).extension.slice(1).toLowerCase();
  return /^[a-z0-9]{1,10}$/.test(extension) ? `.${extension}` : '';
}
