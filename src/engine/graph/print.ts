// Prints a graph as text: one line per node, with its inputs, type and layer.
import { isOp, topologicalOrder, type Node } from './node';

export function printGraph(outputs: readonly Node[]): string {
  const order = topologicalOrder(outputs);
  const name = new Map(order.map((node, i) => [node, `%${i}`]));
  const lines = order.map((node) => {
    const attributes =
      isOp(node, 'Constant') || isOp(node, 'Leaf') || isOp(node, 'Fill') ? literal(node) : rest(node.attributes);
    const call = `${node.op}(${node.inputs.map((i) => name.get(i)).join(', ')})`;
    const layer = node.layer ? `  # ${node.layer}` : '';
    return `${name.get(node)} = ${call}${attributes} : ${node.dtype}[${node.shape}]${layer}`;
  });
  return [...lines, `return ${outputs.map((o) => name.get(o)).join(', ')}`].join('\n');
}

function literal(node: Node): string {
  if (isOp(node, 'Leaf')) return ` "${node.attributes.name}"`;
  if (isOp(node, 'Fill')) return ` ${node.attributes.value}`;
  if (!isOp(node, 'Constant')) return '';
  const { values } = node.attributes;
  return ` {${values.slice(0, 4).join(', ')}${values.length > 4 ? `, ... ${values.length} values` : ''}}`;
}

function rest(attributes: object): string {
  const text = JSON.stringify(attributes);
  return text === '{}' ? '' : ` ${text}`;
}
