import sharp, { type SharpOptions } from 'sharp';

/**
 * The one place that sharp comes from. Of its decoders only those of everyday pictures are open: everything else in
 * the library, drawings and its own formats among them, refuses to load.
 */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif', 'Tiff', 'Raw'].map((format) => `VipsForeignLoad${format}`),
});
sharp.concurrency(1);
sharp.cache(false);

export { sharp };

/** More than any camera makes; a square of 16,000 pixels. */
export const PIXELS_MAX = 16_384 * 16_384;
/** Of formats that can only be decoded as a whole. */
export const WHOLE_PIXELS_MAX = 8_192 * 8_192;

export const CAREFUL = {
  limitInputPixels: PIXELS_MAX,
  limitInputChannels: 8,
  failOn: 'error',
  sequentialRead: true,
  pages: 1,
} as const satisfies SharpOptions;
