// An image that is replaced only when the next one is decoded, so that it does not flicker, and copying an image to
// the clipboard.
import { dataSources } from '../../src/catalog';
import type { MonitorSetting, SampleName } from '../../src/protocol/monitor';
import { h } from '../ui/dom';
import { t } from '../l10n';

export interface ImageSource {
  readonly name: SampleName;
  readonly uri: string;
  readonly alt: string;
}

export interface SampleImage {
  readonly element: HTMLElement;
  show(source: ImageSource | null): void;
}

/** `open` is called with the image that is clicked. */
export function createSampleImage(open: (name: SampleName) => void): SampleImage {
  const element = h('div', { class: 'sample-image' });
  let requested: ImageSource | null = null;
  let shown: SampleName | null = null;
  element.addEventListener('click', () => {
    if (shown !== null) open(shown);
  });
  const show = async (source: ImageSource | null) => {
    const before = requested;
    requested = source;
    if (source === null) {
      shown = null;
      return element.replaceChildren();
    }
    if (before?.uri === source.uri) {
      // Its run may have got another label, as when more runs of a comparison have been read.
      if (shown === source.name) element.querySelector('img')?.setAttribute('alt', source.alt);
      return;
    }
    const image = h('img', { title: t('Open image'), draggable: 'false' });
    image.src = source.uri;
    // An image that is being replaced on disk may fail to load; the next list has its new URI.
    const ready = await image.decode().then(
      () => true,
      () => false,
    );
    if (requested?.uri !== source.uri) return;
    if (!ready) {
      requested = null;
      return;
    }
    shown = source.name;
    image.alt = requested.alt;
    element.replaceChildren(image);
    setPixelated(image);
  };
  const setPixelated = (image: HTMLImageElement) =>
    image.classList.toggle('enlarged', image.naturalWidth < image.clientWidth * devicePixelRatio);
  new ResizeObserver(() => element.querySelectorAll('img').forEach(setPixelated)).observe(element);
  return { element, show: (source) => void show(source) };
}

/** Whether sample images are plots of points on white, which the page draws on the ground of the theme. */
export function arePlots(settings: readonly MonitorSetting[]): boolean {
  const source = settings.find(({ key }) => key === 'data.source')?.value ?? '';
  return Object.hasOwn(dataSources, source) && dataSources[source as keyof typeof dataSources].gives === 'points';
}

/** Copies an image to the clipboard as PNG; returns false if the browser refuses. */
export async function copyImage(uri: string): Promise<boolean> {
  try {
    // Required for reading the pixels back from the canvas.
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
