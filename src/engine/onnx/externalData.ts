// Whether an ONNX file takes values from other files, which ONNX Runtime would read from the working directory.
import Pbf from 'pbf';

/** A message of onnx.proto: fields that hold tensors, and fields that hold messages in which there may be some. */
interface Message {
  readonly tensors?: readonly number[];
  readonly inner?: Readonly<Record<number, MessageName>>;
}

type MessageName = 'model' | 'graph' | 'node' | 'attribute' | 'sparseTensor' | 'function' | 'training';

const messages: Readonly<Record<MessageName, Message>> = {
  model: { inner: { 7: 'graph', 20: 'training', 25: 'function' } },
  graph: { tensors: [5], inner: { 1: 'node', 15: 'sparseTensor' } },
  node: { inner: { 5: 'attribute' } },
  attribute: { tensors: [5, 10], inner: { 6: 'graph', 11: 'graph', 22: 'sparseTensor', 23: 'sparseTensor' } },
  sparseTensor: { tensors: [1, 2] },
  function: { inner: { 7: 'node', 11: 'attribute' } },
  training: { inner: { 1: 'graph', 2: 'graph' } },
};

/** Fields of a tensor: the place of its external data, and whether that is used. */
const externalData = 13;
const dataLocation = 14;

/** The type of fields with a length, such as messages. */
const lengthDelimited = 2;

/** Graphs in graphs: far more than any network has, and few enough for the stack. */
const maxDepth = 64;

/** Whether a tensor of the model refers to a file. Throws an error if the bytes are not of the format. */
export function refersToFiles(bytes: Uint8Array): boolean {
  const pbf = new Pbf(bytes);
  const isExternal = (): boolean => {
    let found = false;
    const end = pbf.readVarint() + pbf.pos;
    pbf.readFields(
      (tag) => (found ||= tag === externalData || (tag === dataLocation && pbf.readVarint() !== 0)),
      null,
      end,
    );
    return found;
  };
  const search = (name: MessageName, end: number, depth: number): boolean => {
    if (depth > maxDepth) throw new Error('its graphs are nested too deeply');
    const { tensors = [], inner = {} } = messages[name];
    let found = false;
    pbf.readFields(
      (tag) => {
        // A field of another type is not this field: skipped, as ONNX Runtime does.
        if (pbf.type !== lengthDelimited) return;
        if (tensors.includes(tag)) found = isExternal() || found;
        else if (Object.hasOwn(inner, tag)) {
          const length = pbf.readVarint();
          found = search(inner[tag], pbf.pos + length, depth + 1) || found;
        }
      },
      null,
      end,
    );
    return found;
  };
  return search('model', bytes.length, 0);
}
