/** What a file is, as far as it decides who looks into it. These lists are the whole of what is ever decoded. */
export const UNKNOWN = 'application/octet-stream';
export const EMPTY = 'inode/x-empty';
export const PLAIN = 'text/plain';
export const SVG = 'image/svg+xml';
export const HTML = 'text/html';
export const PDF = 'application/pdf';
export const PHOTOSHOP = 'image/vnd.adobe.photoshop';
export const BLENDER = 'application/x-blender';

export const PICTURES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/tiff',
]);

/** The one demuxer that may open a container of this type. None of these reads other files. */
export const DEMUXERS: Readonly<Record<string, string>> = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/x-m4v': 'mov',
  'video/3gpp': 'mov',
  'video/3gpp2': 'mov',
  'audio/mp4': 'mov',
  'audio/x-m4a': 'mov',
  'video/matroska': 'matroska',
  'video/webm': 'matroska',
  'video/vnd.avi': 'avi',
  'video/x-flv': 'flv',
  'video/mpeg': 'mpeg',
  'video/MP1S': 'mpeg',
  'video/MP2P': 'mpeg',
  'video/mp2t': 'mpegts',
  'video/ogg': 'ogg',
  'audio/ogg': 'ogg',
  'application/ogg': 'ogg',
  'video/x-ms-asf': 'asf',
  'audio/x-ms-asf': 'asf',
  'application/vnd.ms-asf': 'asf',
  'application/mxf': 'mxf',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'audio/aac': 'aac',
  'audio/aiff': 'aiff',
  'audio/x-caf': 'caf',
};

export const DECODERS: readonly string[] = [
  'h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg1video,mpeg2video,mpeg4,msmpeg4,msmpeg4v2',
  'mjpeg,prores,dnxhd,cfhd,ffv1,huffyuv,qtrle,png,rawvideo,theora,h263,flv,wmv1,wmv2,wmv3,vc1,dvvideo',
  'aac,mp3,mp3float,mp2,mp2float,ac3,eac3,flac,alac,vorbis,opus,libopus,wmav1,wmav2,wmapro,adpcm_ms,adpcm_ima_wav',
  'pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be',
  'pcm_alaw,pcm_mulaw,amrnb,amrwb',
];
