import { BUDGETS } from '../model/index.ts';
import { MAX_FRAME_BYTES } from './frames.ts';
import type { LinkReading } from './link-reader.ts';

/** Far more than a card with its commitment. */
const OUTSIDER_FRAME_BYTES = 16 * 1024;

/** The frames that a member reads from an outsider who asks to be admitted. */
export const OF_OUTSIDERS: LinkReading = {
  types: new Set(['ask', 'begin', 'reveal', 'agree']),
  maxFrameBytes: OUTSIDER_FRAME_BYTES,
};

/** The frames that an outsider who asks to be admitted reads from a member. A welcome has about 128 KiB of statements. */
export const OF_HOSTS: LinkReading = {
  types: new Set(['go', 'nonce', 'welcome', 'refused']),
  maxFrameBytes: MAX_FRAME_BYTES,
};

/**
 * Whether one more computer may ask to be let in.
 * @param address where it comes from
 * @param asking the addresses of those that are connected
 */
export function mayAsk(address: string | undefined, asking: readonly (string | undefined)[]): boolean {
  const { inAll, perPeer } = BUDGETS.outsiders;
  const ofAddress = asking.filter((other) => other === address);
  return asking.length < inAll.atOnce && ofAddress.length < perPeer.atOnce;
}
