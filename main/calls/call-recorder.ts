import type { CallId, NodeId } from '../model/index.ts';
import { without, type Call } from './call.ts';
import type { CallTable } from './call-table.ts';
import type { Leg } from './leg.ts';
import type { RecordingEnd } from './recording-end.ts';

/** The other side confirms within this time that its person is told, or the recording ends. Milliseconds. */
export const TOLD_WITHIN_MS = 6000;
/** The recording ends where the other side sends no signal for this long: five of its beats. Milliseconds. */
export const SAID_WITHIN_MS = 10_000;

/** A call with the computer at its other end. */
type Joined = Call & { readonly peer: Leg };

interface Recording {
  /** Its number in signals: a confirmation of an earlier recording does not count. */
  readonly n: number;
  /** The recorded calls, and when each other side was told. */
  readonly calls: Map<CallId, number>;
  /** The calls that are recorded at this moment: all of them, or none. */
  kept: readonly CallId[];
}

/**
 * The consent of a recording. This side records nothing before each other side has confirmed that its person is told, and only as
 * long as each goes on confirming that. Pure.
 */
export class CallRecorder {
  readonly #table: CallTable;
  #recording: Recording | undefined;
  #count = 0;

  constructor(table: CallTable) {
    this.#table = table;
  }

  /** The number of the recording that began last; 0: none has. */
  get last(): number {
    return this.#count;
  }

  /** When `look` is due; Infinity: nothing is recorded. */
  dueAt(): number {
    const recording = this.#recording;
    if (!recording) return Infinity;
    return Math.min(...this.#callsOf(recording).map((call) => endsUntoldAt(recording, call)), Infinity);
  }

  /** One call, or call of several, at a time. */
  start(id: CallId, now: number): void {
    if (this.#recording || this.#table.get(id)?.phase !== 'active') return;
    this.#count += 1;
    this.#recording = { n: this.#count, calls: new Map([[id, now]]), kept: [] };
  }

  stop(now: number): void {
    if (this.#recording) this.#end(this.#recording, 'stopped', now);
  }

  look(now: number): void {
    for (const call of this.#table.all) this.#tell(call, now);
    const recording = this.#recording;
    if (!recording) return;
    const calls = this.#callsOf(recording);
    if (calls.length === 0) return this.#end(recording, 'call-over', now);
    if (calls.some(({ peer }) => peer.own.held)) return this.#end(recording, 'held', now);
    for (const call of calls) this.#announce(recording, call, now);
    const untold = calls.find((call) => endsUntoldAt(recording, call) <= now);
    if (untold) return this.#end(recording, 'untold', now, untold.person);
    this.#keep(
      recording,
      calls.every(({ peer }) => peer.theirs?.told === recording.n) ? calls.map(({ id }) => id) : [],
    );
  }

  /** The calls with everybody who is in the call now. */
  #callsOf({ calls }: Recording): readonly Joined[] {
    const first = [...calls.keys()].map((id) => this.#table.get(id)).find((call) => call?.phase === 'active');
    return first ? this.#table.partyOf(first).filter((call): call is Joined => call.peer !== undefined) : [];
  }

  #announce({ n, calls }: Recording, { id, peer }: Joined, now: number): void {
    if (peer.own.recording === n) return;
    calls.set(id, now);
    peer.say({ ...peer.own, recording: n }, now);
    this.#table.put({ type: 'changed' });
  }

  #keep(recording: Recording, kept: readonly CallId[]): void {
    if (kept.join() === recording.kept.join()) return;
    recording.kept = kept;
    this.#table.put({ type: 'record', recording: recording.n, calls: kept }, { type: 'changed' });
  }

  #end(recording: Recording, reason: RecordingEnd, now: number, person?: NodeId): void {
    this.#keep(recording, []);
    for (const { peer } of this.#callsOf(recording))
      if (peer.own.recording === recording.n) peer.say(without(peer.own, 'recording'), now);
    this.#recording = undefined;
    const ended = { type: 'recorded', recording: recording.n, reason, ...(person && { person }) } as const;
    this.#table.put(ended, { type: 'changed' });
  }

  /** Confirms the other side's recording: the person sees it from now on. */
  #tell({ phase, peer }: Call, now: number): void {
    const recording = peer?.theirs?.recording;
    if (phase !== 'active' || !peer || peer.hasEnded || peer.own.told === recording) return;
    peer.say(recording === undefined ? without(peer.own, 'told') : { ...peer.own, told: recording }, now);
    this.#table.put({ type: 'changed' });
  }
}

function endsUntoldAt({ n, calls }: Recording, { id, peer }: Joined): number {
  if (peer.theirs?.told === n) return peer.heardAt + SAID_WITHIN_MS;
  return (calls.get(id) ?? Infinity) + TOLD_WITHIN_MS;
}
