// ONNX files that take values from other files, however deep, and those that do not.
import Pbf from 'pbf';
import { expect, it } from 'vitest';
import { refersToFiles } from './externalData';

type Fields = readonly (readonly [tag: number, value: number | Fields])[];
const encode = (fields: Fields): Uint8Array => {
  const pbf = new Pbf();
  for (const [tag, value] of fields) {
    if (typeof value === 'number') pbf.writeVarintField(tag, value);
    else pbf.writeBytesField(tag, encode(value));
  }
  return pbf.finish();
};
const isExternal: Fields = [[13, []]];
const isExternalByPlace: Fields = [[14, 1]];
const isInside: Fields = [
  [1, 4],
  [14, 0],
];

it.each<[string, Fields]>([
  ['a weight', [[7, [[5, isExternal]]]]],
  [
    'a weight of which only the place says so',
    [
      [
        7,
        [
          [5, isInside],
          [5, isExternalByPlace],
        ],
      ],
    ],
  ],
  ['the tensor of a constant', [[7, [[1, [[5, [[5, isExternal]]]]]]]]],
  [
    'one of several tensors of an attribute',
    [
      [
        7,
        [
          [
            1,
            [
              [
                5,
                [
                  [10, isInside],
                  [10, isExternal],
                ],
              ],
            ],
          ],
        ],
      ],
    ],
  ],
  ['the branch of a condition', [[7, [[1, [[5, [[6, [[5, isExternal]]]]]]]]]]],
  ['a sparse weight', [[7, [[15, [[2, isExternal]]]]]]],
  ['a function', [[25, [[7, [[5, [[5, isExternal]]]]]]]]],
  ['the training information', [[20, [[1, [[5, isExternal]]]]]]],
])('%s in another file is found', (_, fields) => expect(refersToFiles(encode(fields))).toBe(true));

it('a model with its weights inside, and fields of other types with the same numbers, refer to none', () => {
  expect(
    refersToFiles(
      encode([
        [1, 9],
        [
          7,
          [
            [5, isInside],
            [1, [[5, [[5, isInside]]]]],
          ],
        ],
      ]),
    ),
  ).toBe(false);
  expect(
    refersToFiles(
      encode([
        [7, 13],
        [
          7,
          [
            [5, 13],
            [1, 5],
          ],
        ],
      ]),
    ),
  ).toBe(false);
});

it('bytes of another format, and graphs nested without end, are refused', () => {
  expect(() => refersToFiles(Buffer.from('{ "name": "earthmover" }'))).toThrow();
  let nested: Fields = [];
  for (let depth = 0; depth < 200; depth++) nested = [[1, [[5, [[6, nested]]]]]];
  expect(() => refersToFiles(encode([[7, nested]]))).toThrow('nested too deeply');
});
