// All layers of a model, also those inside nested models, wrappers and recurrent layers.
import type { LayersModel } from '@tensorflow/tfjs-layers';

export type Layer = LayersModel['layers'][number];

/** Where layers keep others. */
interface Holder {
  readonly layers?: readonly Layer[];
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
  readonly cell?: Layer;
  readonly cells?: readonly Layer[];
}

/** Each layer once, in the order of the model. A nested model or wrapper comes before the layers in it. */
export function layersIn(model: Layer): Layer[] {
  const found = new Set<Layer>();
  const visit = (layer: Layer | undefined): void => {
    if (layer === undefined || found.has(layer)) return;
    found.add(layer);
    const { layers = [], cells = [], ...inner } = layer as Holder;
    [...layers, inner.layer, inner.forwardLayer, inner.backwardLayer, inner.cell, ...cells].forEach(visit);
  };
  visit(model);
  return [...found];
}
