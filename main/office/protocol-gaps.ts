import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { PROTOCOLS, type NodeId, type ProtocolRange, type Schedule } from '../model/index.ts';

/** A computer that does not try again within this time was updated or is gone, ms. */
const FORGOTTEN_AFTER_MS = 60_000;

interface ProtocolGapsParts {
  readonly schedule: Schedule;
  readonly nameOf: (node: NodeId) => string | undefined;
  /** Reports a gap; undefined: there is none any more. */
  readonly trouble: (text: LocalizedText | undefined) => void;
}

/** Colleagues whose computers have no protocol in common with this one. A trouble names the latest of them. */
export class ProtocolGaps {
  readonly #parts: ProtocolGapsParts;
  readonly #gaps = new Map<NodeId, { readonly text: LocalizedText; readonly cancel: () => void }>();

  constructor(parts: ProtocolGapsParts) {
    this.#parts = parts;
  }

  /** Notes that a node has no protocol in common with this one. */
  open(node: NodeId, theirs: ProtocolRange | undefined): void {
    const { schedule, nameOf } = this.#parts;
    this.#gaps.get(node)?.cancel();
    this.#gaps.delete(node);
    const text = gapText(nameOf(node) ?? null, (theirs?.min ?? 1) > PROTOCOLS.max ? 'newer' : 'older');
    this.#gaps.set(node, { text, cancel: schedule(() => this.mend(node), FORGOTTEN_AFTER_MS) });
    this.#tell();
  }

  /** Notes that a node has a protocol in common with this one. */
  mend(node: NodeId): void {
    this.#gaps.get(node)?.cancel();
    if (this.#gaps.delete(node)) this.#tell();
  }

  close(): void {
    for (const node of [...this.#gaps.keys()]) this.mend(node);
  }

  #tell(): void {
    this.#parts.trouble([...this.#gaps.values()].at(-1)?.text);
  }
}

function gapText(name: string | null, kind: 'newer' | 'older'): LocalizedText {
  const whose = name === null ? 'A colleague’s' : `${name}’s`;
  const sentence =
    kind === 'newer'
      ? `${whose} computer runs a Corridor that is too new for this one. Update Corridor here.`
      : `${whose} computer runs a Corridor that is too old for this one. Corridor has to be updated there.`;
  return localizedText('no-common-protocol', sentence, { name, kind });
}
