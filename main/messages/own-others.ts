import type { NodeId } from '../model/index.ts';
import type { OfficePort } from './ports.ts';

/** Whether it is another computer of this node's person. */
export function isOwnOther(office: Pick<OfficePort, 'self' | 'personOf'>, node: NodeId): boolean {
  const own = office.personOf(office.self);
  return own !== undefined && node !== office.self && office.personOf(node) === own;
}

/** Who came, and who went, since the last look. */
export interface OwnOthersChange {
  readonly came: readonly NodeId[];
  readonly gone: readonly NodeId[];
}

/** The other computers of this node's person that are online. */
export class OwnOthers {
  readonly #office: Pick<OfficePort, 'self' | 'personOf' | 'online'>;
  #online: ReadonlySet<NodeId> = new Set();

  constructor(office: Pick<OfficePort, 'self' | 'personOf' | 'online'>) {
    this.#office = office;
  }

  /** As of the last look. */
  get online(): ReadonlySet<NodeId> {
    return this.#online;
  }

  /** Who is online may have changed. */
  look(): OwnOthersChange {
    const before = this.#online;
    this.#online = new Set(this.#office.online.filter((node) => isOwnOther(this.#office, node)));
    return {
      came: [...this.#online].filter((node) => !before.has(node)),
      gone: [...before].filter((node) => !this.#online.has(node)),
    };
  }
}
