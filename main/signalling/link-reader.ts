import {
  BUDGETS,
  faults,
  FRAME_BUDGETS,
  type BudgetName,
  type Fragment,
  type MessageId,
  type NodeId,
} from '../model/index.ts';
import { FrameIntake, type ReadFrame } from './frame-intake.ts';
import {
  decodeFragments,
  encodeFrame,
  FRAME_FRAGMENTS,
  FRAME_JSON,
  FRAME_PING,
  FRAME_PONG,
  FrameReader,
  type Frame,
} from './frames.ts';
import { readControlMessage, type ControlMessage, type ControlMessageType } from './schemas.ts';

const MAX_BAD_FRAMES = BUDGETS.badFrames.perPeer.atOnce;
const PONG = encodeFrame(FRAME_PONG, Buffer.alloc(0));

/** Logs one sentence. */
export type Log = (sentence: string) => void;

/** The frames that are read on the link of an outsider. The first frame of another kind ends the link. */
export interface LinkReading {
  readonly types: ReadonlySet<ControlMessageType>;
  readonly maxFrameBytes: number;
}

/** How many frames of a link could not be used. */
export interface LinkCounts {
  readonly bad: number;
  readonly unknown: number;
  /** They had to wait, or were left out: the peer sent more than this node takes. */
  readonly over: number;
}

interface LinkReaderParts {
  readonly peer: NodeId;
  /** Left out: everything. */
  readonly reads: LinkReading | undefined;
  readonly log: Log;
  readonly message: (message: ControlMessage) => void;
  readonly fragments: (id: MessageId, fragments: Fragment[]) => void;
  readonly over: (budget: BudgetName) => void;
  /** Sends a frame back. */
  readonly answer: (frame: Buffer) => void;
  readonly refuse: (refusal: ControlMessage) => void;
  /** Whether the socket is to be read: not while much waits here. */
  readonly reading: (isReading: boolean) => void;
  /** Called when the peer sends something for which its link ends. */
  readonly expel: () => void;
}

/** Reads the frames of one link: hands on what this version knows, passes over what a later one added, and counts what cannot be used. */
export class LinkReader {
  readonly #parts: LinkReaderParts;
  readonly #frames: FrameReader;
  readonly #intake: FrameIntake;
  #bad = 0;
  #unknown = 0;
  #over = 0;
  /** The budgets that the peer exceeded, and of which it got a `refuse`. */
  readonly #refused = new Set<BudgetName>();

  constructor(parts: LinkReaderParts) {
    this.#parts = parts;
    this.#frames = new FrameReader(parts.reads?.maxFrameBytes);
    this.#intake = new FrameIntake({
      read: (frame) => this.#readFrame(frame),
      reading: parts.reading,
      over: (name, isDropped) => this.#countOver(name, isDropped),
    });
  }

  get counts(): LinkCounts {
    return { bad: this.#bad, unknown: this.#unknown, over: this.#over };
  }

  /** False while many frames of the peer wait here. */
  get isReading(): boolean {
    return this.#intake.isReading;
  }

  push(chunk: Buffer): void {
    const { peer, log, expel } = this.#parts;
    let frames: Frame[];
    try {
      frames = this.#frames.push(chunk);
    } catch (error) {
      log(`${peer} sent ${(error as Error).message} on the control channel; it was closed.`);
      expel();
      return;
    }
    this.#intake.push(frames);
  }

  /** The peer has ended the stream. Calls `ended` once all its frames are handled. */
  end(ended: () => void): void {
    this.#intake.end(ended);
  }

  /** Drops waiting frames. */
  close(): void {
    this.#intake.close();
  }

  #readFrame({ type, payload }: Frame): ReadFrame {
    switch (type) {
      case FRAME_JSON:
        return this.#readMessage(payload);
      case FRAME_FRAGMENTS:
        return { handle: () => this.#takeFragments(payload) };
      case FRAME_PING:
        return { budget: 'ping', handle: () => this.#parts.answer(PONG) };
      case FRAME_PONG:
        return { handle: () => undefined };
      default:
        if (this.#parts.reads) return { handle: () => this.#expel() };
        return { budget: 'unknown', handle: () => this.#countUnknown(`a frame of type ${type}`) };
    }
  }

  #readMessage(payload: Buffer): ReadFrame {
    const read = readControlMessage(payload);
    const { reads } = this.#parts;
    if (reads && !(read.kind === 'message' && reads.types.has(read.message.type)))
      return { handle: () => this.#expel() };
    if (read.kind === 'message') {
      const { message } = read;
      return {
        budget: message.type,
        handle: () => faults.guard('a frame', () => this.#parts.message(message)),
      };
    }
    if (read.kind === 'bad') return { handle: () => this.#countBad(read.why) };
    return { budget: 'unknown', handle: () => this.#countUnknown(`a message of type ${read.type}`) };
  }

  #takeFragments(payload: Buffer): void {
    if (this.#parts.reads) return this.#expel();
    const read = decodeFragments(payload);
    if (read) faults.guard('a frame', () => this.#parts.fragments(read.id, read.fragments));
    else this.#countBad('fragments');
  }

  /** An outsider sent a frame other than those for joining. */
  #expel(): void {
    this.#bad += 1;
    this.#parts.expel();
  }

  /** Tells the peer, once a link, that frames are dropped, since its person may wait for an answer. */
  #countOver(name: BudgetName, isDropped: boolean): void {
    this.#over += 1;
    faults.guard('a frame', () => this.#parts.over(name));
    if (!isDropped || name === 'refuse' || this.#refused.has(name)) return;
    this.#refused.add(name);
    const { of } = { ...BUDGETS, ...FRAME_BUDGETS }[name];
    this.#parts.refuse({ type: 'refuse', code: 'too-many', text: `Too many ${of} came at once.`, re: name });
  }

  #countBad(what: string): void {
    this.#bad += 1;
    if (this.#bad === 1)
      this.#parts.log(`${this.#parts.peer} sent what cannot be read (${what}); it was dropped.`);
    if (this.#bad >= MAX_BAD_FRAMES) this.#parts.expel();
  }

  #countUnknown(what: string): void {
    this.#unknown += 1;
    if (this.#unknown === 1)
      this.#parts.log(`${this.#parts.peer} sent ${what}, which this version does not know.`);
  }
}
