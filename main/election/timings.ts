/** All durations of an election, in milliseconds. They hold for up to a fifth of all packets lost. */
export interface ElectionTimings {
  /** How long a newcomer listens for a switch before it claims, plus a random part of the spread. */
  readonly listenMs: number;
  readonly listenSpreadMs: number;
  /** How often a newcomer calls while it listens. */
  readonly helloMs: number;
  /** How often the switch beats to every node it knows to be alive, and to every known address. */
  readonly beatMs: number;
  readonly everyoneMs: number;
  /** How often a member beats to the switch and to the standby. */
  readonly memberBeatMs: number;
  /** The switch's silence after which the standby asks it, how often it asks, and after which it claims. */
  readonly suspectMs: number;
  readonly probeMs: number;
  readonly claimMs: number;
  /** The same, counted from a control connection to the switch that broke. */
  readonly droppedMs: number;
  /** How much longer the others wait for the standby: all, the lowest rank on top, and by chance. */
  readonly othersMs: number;
  readonly othersRankMs: number;
  readonly othersSpreadMs: number;
  /** A member's silence after which the switch asks it, and after which it is lost. */
  readonly memberAskMs: number;
  readonly memberLostMs: number;
  /** Hand-over: the interval between two beats that name the successor, and the time it has before another is tried. */
  readonly handOverResendMs: number;
  readonly handOverTryMs: number;
  /** How long a pinned node is a member before the switch is handed to it, and until that is tried again. */
  readonly pinnedAfterMs: number;
  readonly pinnedRetryMs: number;
  /** How long a switch has had no room, and has been the switch, before it hands over to a node that has. */
  readonly fullMs: number;
  readonly stayMs: number;
  /** How long a node counts as full after it has said so last. */
  readonly roomAfterMs: number;
  /** Being called later than this means that this computer slept or stalled: that time proves nobody's silence. */
  readonly stallMs: number;
}

export const DEFAULT_TIMINGS: ElectionTimings = {
  listenMs: 600,
  listenSpreadMs: 200,
  helloMs: 150,
  beatMs: 200,
  everyoneMs: 1000,
  memberBeatMs: 1000,
  suspectMs: 420,
  probeMs: 50,
  claimMs: 720,
  droppedMs: 200,
  othersMs: 200,
  othersRankMs: 80,
  othersSpreadMs: 160,
  memberAskMs: 1500,
  memberLostMs: 3200,
  handOverResendMs: 50,
  handOverTryMs: 400,
  pinnedAfterMs: 3000,
  pinnedRetryMs: 5000,
  fullMs: 10_000,
  stayMs: 35_000,
  roomAfterMs: 60_000,
  stallMs: 250,
};
