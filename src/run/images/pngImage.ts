// The image type that renderers return and TensorBoard and files receive.
/** An encoded image and its size in pixels. */
export interface PngImage {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}
