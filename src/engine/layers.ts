// Prepares the layers of TensorFlow.js for every engine: their names in messages, their random numbers, and what is broken.
import { layers } from '@tensorflow/tfjs-layers';
import { inLayer } from './graph/node';
import { feedLayers } from './noise/layers';
import { override } from './override';

let prepared = false;

/** Overrides what layers are made of, once a process. */
export function prepareLayers(): void {
  if (prepared) return;
  prepared = true;
  nameLayers();
  feedLayers();
  mendNormalization();
}

/** Lets every node and every gradient know the layer that asked for it, so that messages can name it. */
function nameLayers(): void {
  const { apply } = layers.Layer.prototype;
  layers.Layer.prototype.apply = function (inputs, kwargs) {
    return inLayer(this.name, () => apply.call(this, inputs, kwargs));
  };
}

/** In training TensorFlow.js 4.22 reads the gain and the offset of a batch normalization also where it has none. */
function mendNormalization(): void {
  const none = { read: () => null };
  override('BatchNormalization', (layer, call) => (inputs, kwargs) => {
    const { gamma = none, beta = none } = layer as { gamma?: unknown; beta?: unknown };
    Object.assign(layer, { gamma, beta });
    return call(inputs, kwargs);
  });
}
