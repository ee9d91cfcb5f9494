/** Words that files of a small studio are named with. */
export const OPENING = [
  'DJI_0412 cliffs at dawn.jpg',
  'Harbour panorama.jpg',
  'Night swim grade v3.mov',
  'Cover draft warm.png',
  'Fog over the pier.jpg',
  'Loop study 07.png',
  'Rosa portrait 2.jpg',
  'Field recording bells.wav',
  'Dunes timelapse.mp4',
  'Score sketch.als',
  'Garden wall.jpg',
  'Interview A-cam.mov',
  'Release form.pdf',
  'Kitchen, north light.jpg',
] as const;

export const SUBJECTS = [
  'Cliffs',
  'Harbour',
  'Pier at noon',
  'Garden wall',
  'Rosa',
  'Night swim',
  'Dunes',
  'Kitchen light',
  'Morning train',
  'Studio floor',
  'Boats',
  'Fog bank',
  'Lighthouse',
  'Rehearsal',
  'Market hall',
  'Old quarry',
  'Étude',
  'Winter beach',
] as const;

export const SHAPES = [
  ['jpg', 'image', 60],
  ['png', 'image', 10],
  ['heic', 'image', 8],
  ['mov', 'video', 4],
  ['mp4', 'video', 4],
  ['wav', 'audio', 4],
  ['mp3', 'audio', 3],
  ['als', 'project', 2],
  ['psd', 'project', 2],
  ['pdf', 'document', 2],
  ['txt', 'document', 1],
] as const;

export const FOLDERS = [
  'Coastline film',
  'Album artwork',
  'Client: Harbour House',
  'Field recordings',
  'Archive 2025',
] as const;
export const FOLDERS_INSIDE = ['stills', 'footage', 'sound', 'delivered'] as const;
export const TAGS = ['coast', 'select', 'drone', 'portrait', 'night', 'print', 'harbour', 'b-roll', 'reject'] as const;
