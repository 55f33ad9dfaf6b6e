// A mark in the images that this program writes, so that they are never taken for training data.

/** In the EXIF "Software" entry of PNG files and in a comment of GIF files. */
export const outputMark = 'Earthmover output';
