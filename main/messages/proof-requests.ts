import { isSameProof, POSSESSION_NONCE_BYTES } from '../identity/index.ts';
import type { MessageId, NodeId, Random, Schedule } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { PeerLink } from './ports.ts';
import { proofOf } from './proof-of.ts';

/** How long an answer may take, ms: the holder reads the whole message from its disk, after earlier questions of other nodes. */
const ANSWER_WITHIN_MS = 30_000;

/** `failed`: the answer is wrong, or the holder says that it lost the message. Undefined: no answer came. */
type ProofAnswer = 'proven' | 'failed' | undefined;

interface ProofRequestsParts {
  readonly read: MessageReader;
  readonly random: Random;
  readonly schedule: Schedule;
  readonly nextTurn: () => Promise<void>;
}

type Given = { readonly proof: string } | 'lost' | undefined;

interface Request {
  readonly id: MessageId;
  readonly link: PeerLink;
  readonly nonce: string;
  readonly answer: (given: Given) => void;
}

/** Asks nodes to prove that they hold messages of this node. Each node is asked for one message after the other. */
export class ProofRequests {
  readonly #parts: ProofRequestsParts;
  readonly #open = new Set<Request>();
  readonly #last = new Map<PeerLink, Promise<unknown>>();
  /** Links over which a question got no answer: the node's version knows no proofs. */
  readonly #silent = new WeakSet<PeerLink>();

  constructor(parts: ProofRequestsParts) {
    this.#parts = parts;
  }

  /** Asks the node at the other end to prove that it holds the message, which is whole here. */
  ask(link: PeerLink, message: StoredMessage): Promise<ProofAnswer> {
    const before = this.#last.get(link) ?? Promise.resolve();
    const asked = before.then(() => this.#ask(link, message));
    this.#last.set(link, asked);
    return asked;
  }

  /** Handles an answer. One that comes too late still shows that the node answers. */
  proof(link: PeerLink, { id, nonce, proof }: ControlMessageOf<'proof'>): void {
    this.#silent.delete(link);
    for (const request of this.#open) {
      if (request.link === link && request.id === id && request.nonce === nonce) request.answer({ proof });
    }
  }

  /** The node has signed that it does not hold the message, so no proof will come. */
  failed(id: MessageId, node: NodeId): void {
    for (const request of this.#open) {
      if (request.id === id && request.link.peer === node) request.answer('lost');
    }
  }

  linkLost(link: PeerLink): void {
    this.#silent.add(link);
    this.#last.delete(link);
    for (const request of this.#open) if (request.link === link) request.answer(undefined);
  }

  close(): void {
    for (const request of this.#open) request.answer(undefined);
  }

  async #ask(link: PeerLink, message: StoredMessage): Promise<ProofAnswer> {
    if (this.#silent.has(link)) return undefined;
    const { read, random, schedule, nextTurn } = this.#parts;
    const { id } = message;
    const nonce = random.bytes(POSSESSION_NONCE_BYTES).toString('base64url');
    const given = await new Promise<Given>((resolve) => {
      const answer: Request['answer'] = (answered) => {
        this.#open.delete(request);
        cancel();
        resolve(answered);
      };
      const request: Request = { id, link, nonce, answer };
      const cancel = schedule(() => {
        this.#silent.add(link);
        answer(undefined);
      }, ANSWER_WITHIN_MS);
      this.#open.add(request);
      link.send({ type: 'prove', id, nonce });
    });
    if (given === undefined) return undefined;
    if (given === 'lost') return 'failed';
    const own = await proofOf(read, message, { id, nonce, holder: link.peer }, nextTurn);
    // Without a copy here there is nothing to compare the proof with.
    if (own === undefined) return undefined;
    return isSameProof(own, given.proof) ? 'proven' : 'failed';
  }
}
