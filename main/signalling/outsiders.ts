import type { LinkReading } from './link-reader.ts';

/** Far more than a card with its commitment. */
const MAX_FRAME_BYTES = 16 * 1024;
/** Enough for those whom members let in at once, too few to hurt. */
const MAX_OUTSIDERS = 16;
const MAX_OUTSIDERS_PER_ADDRESS = 4;

/** What a member reads of somebody who asks to be let in. */
export const OF_OUTSIDERS: LinkReading = {
  types: new Set(['ask', 'begin', 'reveal', 'agree']),
  maxFrameBytes: MAX_FRAME_BYTES,
};

/** What whoever asks to be let in reads of a member. A welcome has statements for some 128 KiB. */
export const OF_HOSTS: LinkReading = {
  types: new Set(['go', 'nonce', 'welcome', 'refused']),
  maxFrameBytes: 1024 * 1024,
};

/**
 * Whether one more computer may ask to be let in.
 * @param address where it comes from
 * @param asking the addresses of those that are connected
 */
export function mayAsk(address: string | undefined, asking: readonly (string | undefined)[]): boolean {
  return (
    asking.length < MAX_OUTSIDERS &&
    asking.filter((other) => other === address).length < MAX_OUTSIDERS_PER_ADDRESS
  );
}
