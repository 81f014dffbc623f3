const POLYNOMIAL = 0xedb88320;
const TABLE = makeTable();

/** Each power of two by eight shifts in all, the rest as sums of them: so little that V8 does not wake its optimizer for it. */
function makeTable(): Int32Array {
  const table = new Int32Array(256);
  for (let power = 128, value = 1; power > 0; power >>= 1) {
    value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    for (let low = 0; low < 256; low += 2 * power) table[power + low] = value ^ table[low]!;
  }
  return table;
}

/**
 * CRC-32 as in ISO-HDLC and zip (reflected 0x04C11DB7), of `bytes` from `from` up to `to`. `seed` continues an earlier
 * sum. Written here because Node 16 has no zlib.crc32.
 */
export function crc32(bytes: Uint8Array, seed = 0, from = 0, to = bytes.length): number {
  let crc = ~seed;
  for (let at = from; at < to; at++) crc = TABLE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
