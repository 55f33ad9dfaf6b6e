// A picture that is replaced only by one that is ready to be drawn, so that nothing flickers, and only by the last that was asked for.
import type { SampleName } from '../../src/protocol/monitor';
import { h } from '../ui/dom';
import { t } from '../l10n';

export interface ImageSource {
  readonly name: SampleName;
  readonly uri: string;
  /** What it is, for those who do not see it. */
  readonly alt: string;
}

export interface SampleImage {
  readonly element: HTMLElement;
  show(picture: ImageSource | null): void;
}

/** `open` is called with the picture that is clicked on. */
export function createSampleImage(open: (name: SampleName) => void): SampleImage {
  const element = h('div', { class: 'picture' });
  let wanted = '';
  let shown: SampleName | null = null;
  element.addEventListener('click', () => {
    if (shown !== null) open(shown);
  });
  const show = async (picture: ImageSource | null) => {
    if (wanted === (picture?.uri ?? '')) return;
    wanted = picture?.uri ?? '';
    if (picture === null) {
      shown = null;
      return element.replaceChildren();
    }
    const image = h('img', { alt: picture.alt, title: t('Open the picture'), draggable: 'false' });
    image.src = picture.uri;
    // A picture that is being replaced on the disk may fail; the next list has its new address.
    const ready = await image.decode().then(
      () => true,
      () => false,
    );
    if (wanted !== picture.uri) return;
    if (!ready) {
      wanted = '';
      return;
    }
    shown = picture.name;
    element.replaceChildren(image);
    crisp(image);
  };
  const crisp = (image: HTMLImageElement) =>
    image.classList.toggle('enlarged', image.naturalWidth < image.clientWidth * devicePixelRatio);
  new ResizeObserver(() => element.querySelectorAll('img').forEach(crisp)).observe(element);
  return { element, show: (picture) => void show(picture) };
}

/** Puts a picture on the clipboard as PNG; false where the browser refuses. */
export async function copyImage(uri: string): Promise<boolean> {
  try {
    // Without this the browser would not let the page read its own picture back.
    const image = h('img', { crossorigin: 'anonymous' });
    image.src = uri;
    await image.decode();
    const canvas = h('canvas', { width: image.naturalWidth, height: image.naturalHeight });
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) return false;
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
    return true;
  } catch {
    return false;
  }
}
