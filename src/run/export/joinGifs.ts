// Joins GIFs of the same size into one, frame after frame (GIF89a specification, sections 17 to 27).

/**
 * The frames of `gifs` in one file, with the size and the loop count of the first, and a comment (ASCII, up to 255
 * characters). The first frame of each GIF must cover the whole image, as that of an encoder does.
 */
export function joinGifs(gifs: readonly Buffer[], comment: string): Buffer {
  const start = gifs[0].subarray(0, endOfHeader(gifs[0]));
  const note = Buffer.from(`\x21\xfe${String.fromCharCode(comment.length)}${comment}\x00`, 'latin1');
  const [first, ...others] = gifs.map(blocksOf);
  const loop = first.filter(isApplication);
  const frames = [first, ...others].flatMap((blocks) => blocks.filter((block) => !isApplication(block)));
  return Buffer.concat([start, ...loop, ...frames, note, Buffer.of(trailer)]);
}

const extension = 0x21;
const image = 0x2c;
const trailer = 0x3b;
const isApplication = (block: Buffer): boolean => block[0] === extension && block[1] === 0xff;

/** Bytes of the color table that a packed field announces. */
const tableBytes = (packed: number): number => ((packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1));

/** Signature, screen descriptor and global color table. */
const endOfHeader = (gif: Buffer): number => 13 + tableBytes(gif[10]);

/** Its extensions and images in order; an image that uses the global color table gets it as its own. */
function blocksOf(gif: Buffer): Buffer[] {
  const globalTable = gif.subarray(13, endOfHeader(gif));
  const blocks: Buffer[] = [];
  for (let at = endOfHeader(gif); gif[at] !== trailer; ) {
    const isImage = gif[at] === image;
    // After the descriptor and the local color table of an image follows the code size of its data.
    const data = isImage ? at + 10 + tableBytes(gif[at + 9]) + 1 : at + 2;
    const end = endOfSubBlocks(gif, data);
    if (isImage && tableBytes(gif[at + 9]) === 0) {
      const descriptor = Buffer.from(gif.subarray(at, at + 10));
      descriptor[9] |= 0x80 | (gif[10] & 7);
      blocks.push(Buffer.concat([descriptor, globalTable, gif.subarray(at + 10, end)]));
    } else blocks.push(gif.subarray(at, end));
    at = end;
  }
  return blocks;
}

/** Sub-blocks begin with their length; an empty one is the last. Throws a RangeError if the GIF is cut off. */
function endOfSubBlocks(gif: Buffer, start: number): number {
  let at = start;
  while (gif.readUInt8(at) !== 0) at += 1 + gif[at];
  return at + 1;
}
