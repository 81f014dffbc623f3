import * as v from 'valibot';
import { whole } from './whole.ts';

/** More versions than Corridor will ever have. */
const MOST = 1000;

/** The versions of the control protocol that a node supports, from `min` to `max`. */
export const protocolRangeSchema = v.pipe(
  v.object({ min: whole(1, MOST), max: whole(1, MOST) }),
  v.readonly(),
  v.check(({ min, max }) => min <= max, 'an empty range'),
);
export type ProtocolRange = v.InferOutput<typeof protocolRangeSchema>;

/** The versions that this program supports. */
export const PROTOCOLS: ProtocolRange = { min: 1, max: 1 };
/** The versions of a node that names none. */
const UNNAMED: ProtocolRange = { min: 1, max: 1 };

/** The highest version that both support; undefined: they have none in common. */
export function commonProtocol(
  theirs: ProtocolRange | undefined,
  own: ProtocolRange = PROTOCOLS,
): number | undefined {
  const { min, max } = theirs ?? UNNAMED;
  const common = Math.min(max, own.max);
  return common >= Math.max(min, own.min) ? common : undefined;
}
