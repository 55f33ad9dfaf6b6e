// Convolution kernels and their gradients: 2D and 3D, grouped, depthwise, dilated, in both layouts.
import * as tf from '@tensorflow/tfjs-core';
import { windowsOf, type Windows } from '../../windows';
import type { Geometry } from '../../graph/ops';
import { applyBiasAndActivation, type Fused } from './fusedActivation';
import { fillAll, float, make, reshape, slice, transpose, type Lowering, type Node, type Shape } from './kernel';
import { channelsFirst, channelsLast, cropped } from './slidingWindows';

type Pair = [number, number] | number;
type Triple = [number, number, number] | number;
interface Attrs2D {
  readonly strides: Pair;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: Pair;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
interface Attrs3D {
  readonly strides: Triple;
  readonly pad: 'valid' | 'same';
  readonly dataFormat?: 'NDHWC' | 'NCDHW';
  readonly dilations?: Triple;
}
type Four = [number, number, number, number];
type Five = [number, number, number, number, number];

/** x [N, ...space, C] * w [...size, C / groups, F] = y [N, ...count, F], channels-last. */
interface Convolution {
  readonly windows: Windows;
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
}

function geometry2D(x: Shape, filter: Shape, a: Attrs2D): Convolution {
  const info = tf.backend_util.computeConv2DInfo(
    x as Four,
    filter as Four,
    a.strides,
    a.dilations ?? 1,
    channelsLastPad(a),
    a.dimRoundingMode,
  );
  return { windows: windowsOf(info), batch: x[0], channels: x[3], filters: filter[3], groups: x[3] / filter[2] };
}

/** A depthwise filter [kh, kw, C, m] has C groups of m filters. */
function depthwiseGeometry(x: Shape, filter: Shape, a: Attrs2D): Convolution {
  const info = tf.backend_util.computeConv2DInfo(
    x as Four,
    filter as Four,
    a.strides,
    a.dilations ?? 1,
    channelsLastPad(a),
    a.dimRoundingMode,
    true,
  );
  return { windows: windowsOf(info), batch: x[0], channels: x[3], filters: x[3] * filter[3], groups: x[3] };
}

function geometry3D(x: Shape, filter: Shape, a: Attrs3D): Convolution {
  const info = tf.backend_util.computeConv3DInfo(x as Five, filter as Five, a.strides, a.dilations ?? 1, a.pad);
  return { windows: windowsOf(info), batch: x[0], channels: x[4], filters: filter[4], groups: x[4] / filter[3] };
}

const attributes = ({ windows: w, groups: group }: Convolution) => ({
  strides: w.strides,
  dilations: w.dilations,
  pads: [...w.before, ...w.after.map((a) => Math.max(0, a))],
  group,
});

/** [...size, C, F] to ONNX's [F, C, ...size]. */
const filtersFirst = (w: Node): Node => {
  const axes = [...w.shape.keys()];
  return transpose(w, [...axes.slice(-2).reverse(), ...axes.slice(0, -2)]);
};

/** x * w */
function forward(x: Node, filter: Node, c: Convolution): Node {
  const [a, w] = [float(x), float(filter)];
  if (c.channels === 0) return fillAll(0, [c.batch, ...c.windows.count, c.filters]);
  if (isPlain2D(c)) return make('Conv2D', [a, w], { geometry: geometryOf(c) });
  return channelsLast(make('Conv', [channelsFirst(cropped(a, c.windows)), filtersFirst(w)], attributes(c)));
}

/** (∂y/∂x)ᵀ dy. If dy is larger than y, which conv2dTranspose allows, it is cropped. */
function toInput(dy: Node, filter: Node, c: Convolution): Node {
  const size = [c.batch, ...c.windows.count, c.filters];
  const [b, w] = [
    slice(
      float(dy),
      size.map(() => 0),
      size,
    ),
    float(filter),
  ];
  if (isPlain2D(c)) return make('Conv2DInputGradient', [b, w], { geometry: geometryOf(c) });
  const options = { ...attributes(c), outputPadding: c.windows.size.map(() => 0) };
  const dx = channelsLast(make('ConvTranspose', [channelsFirst(b), filtersFirst(w)], options));
  const unused = c.windows.after.map((a) => Math.max(0, -a));
  if (unused.every((n) => n === 0)) return dx;
  return make('Pad', [dx], { before: dx.shape.map(() => 0), after: [0, ...unused, 0], value: 0 });
}

/**
 * (∂y/∂w)ᵀ dy: batch and channels change places, strides and dilations too, and the sum over the batch is one over
 * channels.
 */
function toFilter(x: Node, dy: Node, c: Convolution): Node {
  const [a, b] = [float(x), float(dy)];
  if (isPlain2D(c)) return make('Conv2DFilterGradient', [a, b], { geometry: geometryOf(c) });
  const axes = [...a.shape.keys()];
  const swapped = (t: Node): Node => transpose(t, [axes.length - 1, 0, ...axes.slice(1, -1)]);
  const each = c.channels / c.groups;
  const image = swapped(cropped(a, c.windows)); // [C, N, ...space]
  const [, , ...space] = image.shape;
  // [C/g, g N, ...space]: channel c of group k is at batch c, channels k N to k N + N.
  const grouped = transpose(reshape(image, [c.groups, each, c.batch, ...space]), [
    1,
    0,
    2,
    ...axes.slice(2).map((i) => i + 1),
  ]);
  const options = { ...attributes(c), strides: c.windows.dilations, dilations: c.windows.strides };
  // [C/g, F, ...size]
  const dw = make('Conv', [reshape(grouped, [each, c.groups * c.batch, ...space]), swapped(b)], options);
  return transpose(dw, [...axes.slice(2), 0, 1]);
}

/** 2D convolutions without groups have their own operations, which passes lower to the fastest form. */
const isPlain2D = ({ windows, groups }: Convolution): boolean => windows.size.length === 2 && groups === 1;

function geometryOf({ windows: w, batch, channels, filters }: Convolution): Geometry {
  const pair = ([a, b]: readonly number[]): [number, number] => [a, b];
  return {
    batch,
    height: w.space[0],
    width: w.space[1],
    channels,
    filters,
    kernel: pair(w.size),
    strides: pair(w.strides),
    dilations: pair(w.dilations),
    pads: [w.before[0], w.before[1], w.after[0], w.after[1]],
    outHeight: w.count[0],
    outWidth: w.count[1],
  };
}

const isFirst = ({ dataFormat }: { readonly dataFormat?: string }): boolean => dataFormat?.startsWith('NC') ?? false;
/** Converts tensors, shapes and paddings between the layout of the user and channels-last. */
const toChannelsLast = (x: Node, a: { readonly dataFormat?: string }): Node => (isFirst(a) ? channelsLast(x) : x);
const fromChannelsLast = (y: Node, a: { readonly dataFormat?: string }): Node => (isFirst(a) ? channelsFirst(y) : y);
const channelsLastPad = (a: Attrs2D): Attrs2D['pad'] =>
  isFirst(a) && Array.isArray(a.pad)
    ? ([a.pad[0], a.pad[2], a.pad[3], a.pad[1]] as tf.backend_util.ExplicitPadding)
    : a.pad;
const channelsLastShape = (s: Shape, a: { readonly dataFormat?: string }): Shape =>
  isFirst(a) ? [s[0], ...s.slice(2), s[1]] : s;

export const Conv2D: Lowering<Attrs2D> = ({ x: given, filter }, a) => {
  const x = toChannelsLast(given, a);
  return fromChannelsLast(forward(x, filter, geometry2D(x.shape, filter.shape, a)), a);
};

export const FusedConv2D: Lowering<Attrs2D & Fused> = ({ x: given, filter, bias, preluActivationWeights }, a) => {
  const x = toChannelsLast(given, a);
  const y = forward(x, filter, geometry2D(x.shape, filter.shape, a));
  return fromChannelsLast(
    applyBiasAndActivation(
      y,
      bias && perChannel(bias, a),
      a,
      preluActivationWeights && perChannel(preluActivationWeights, a),
    ),
    a,
  );
};

/** [C, 1, 1], of channels-first layout, to [1, 1, C]. */
const perChannel = (b: Node, a: Attrs2D): Node => (isFirst(a) && b.shape.length === 3 ? transpose(b, [1, 2, 0]) : b);

export const Conv2DBackpropInput: Lowering<Attrs2D & { inputShape: Shape }> = ({ dy, filter }, a) =>
  fromChannelsLast(
    toInput(toChannelsLast(dy, a), filter, geometry2D(channelsLastShape(a.inputShape, a), filter.shape, a)),
    a,
  );

export const Conv2DBackpropFilter: Lowering<Attrs2D & { filterShape: Shape }> = ({ x: given, dy }, a) => {
  const x = toChannelsLast(given, a);
  return toFilter(x, toChannelsLast(dy, a), geometry2D(x.shape, a.filterShape, a));
};

export const Conv3D: Lowering<Attrs3D> = ({ x: given, filter }, a) => {
  const x = toChannelsLast(given, a);
  return fromChannelsLast(forward(x, filter, geometry3D(x.shape, filter.shape, a)), a);
};

export const Conv3DBackpropInputV2: Lowering<Attrs3D & { inputShape: Shape }> = ({ dy, filter }, a) =>
  toInput(dy, filter, geometry3D(a.inputShape, filter.shape, a));

export const Conv3DBackpropFilterV2: Lowering<Attrs3D & { filterShape: Shape }> = ({ x, dy }, a) =>
  toFilter(x, dy, geometry3D(x.shape, a.filterShape, a));

/** [kh, kw, C, m] to [kh, kw, 1, C m]. */
const grouped = (w: Node): Node => reshape(w, [w.shape[0], w.shape[1], 1, w.shape[2] * w.shape[3]]);

export const DepthwiseConv2dNative: Lowering<Attrs2D> = ({ x: given, filter }, a) => {
  const x = toChannelsLast(given, a);
  return fromChannelsLast(forward(x, grouped(filter), depthwiseGeometry(x.shape, filter.shape, a)), a);
};

export const FusedDepthwiseConv2D: Lowering<Attrs2D & Fused> = ({ x, filter, bias, preluActivationWeights }, a) =>
  applyBiasAndActivation(DepthwiseConv2dNative({ x, filter }, a) as Node, bias, a, preluActivationWeights);

export const DepthwiseConv2dNativeBackpropInput: Lowering<Attrs2D & { inputShape: Shape }> = ({ dy, filter }, a) =>
  fromChannelsLast(
    toInput(
      toChannelsLast(dy, a),
      grouped(filter),
      depthwiseGeometry(channelsLastShape(a.inputShape, a), filter.shape, a),
    ),
    a,
  );

export const DepthwiseConv2dNativeBackpropFilter: Lowering<Attrs2D & { filterShape: Shape }> = (
  { x: given, dy },
  a,
) => {
  const x = toChannelsLast(given, a);
  return reshape(toFilter(x, toChannelsLast(dy, a), depthwiseGeometry(x.shape, a.filterShape, a)), a.filterShape);
};
