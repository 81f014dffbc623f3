/** Where a node receives fragments. Plain data, as all that main and the media worker say to each other. */
export interface MediaAddress {
  readonly address: string;
  readonly port: number;
  /**
   * False: a node's record alone names it, and nobody has answered from there to this node. Such an address gets the first
   * fragments of a message only, since a record can name a victim's. Left out: it is believed.
   */
  readonly isBelieved?: boolean;
  /**
   * Its node joins the office's multicast group. `unlikely`: it did not confirm that the group reaches it, the last time, or it is
   * on Wi-Fi and has not confirmed it yet. Left out: it is of a version that joins none.
   */
  readonly inGroup?: 'likely' | 'unlikely';
  /** Its node is the switch: it keeps the message for the office, and serves its fragments to the recipients. */
  readonly isSwitch?: true;
}

/** What came to the media port. */
export interface Packet {
  readonly bytes: Uint8Array;
  readonly from: MediaAddress;
  /** It was sent to the office's group, not to this node alone. */
  readonly isByGroup?: true;
}

/** What became known of a target that is in the office's group. */
export interface GroupReach {
  readonly target: MediaAddress;
  readonly isReached: boolean;
}
