// The image of a plot: layers on a white square.
import sharp from 'sharp';
import { outputMark } from '../../shared/outputMark';
import type { PngImage } from './pngImage';

/** @param size of the square, in pixels */
export async function renderPlot(size: number, layers: sharp.OverlayOptions[]): Promise<PngImage> {
  const png = await sharp({ create: { width: size, height: size, channels: 3, background: '#ffffff' } })
    .composite(layers)
    .removeAlpha()
    .withExif({ IFD0: { Software: outputMark } })
    .png()
    .toBuffer();
  return { width: size, height: size, png };
}
