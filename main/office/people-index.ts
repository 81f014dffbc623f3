import type { Standing } from '../identity/index.ts';
import {
  dialCodesIn,
  type DialCodes,
  type KnownGroup,
  type NodeId,
  type StatementId,
} from '../model/index.ts';

/** An evaluated ledger, indexed by person, by number and by group. */
export class PeopleIndex {
  readonly #nodes = new Map<NodeId, NodeId[]>();
  readonly #extensions: ReadonlyMap<NodeId, string>;
  readonly #groupNumbers: Standing['groupNumbers'];
  readonly codes: DialCodes;
  /** In the order of their founding. */
  readonly groups: ReadonlyMap<StatementId, KnownGroup>;

  constructor({ members, extensions, groups, groupNumbers, settings }: Standing) {
    this.codes = dialCodesIn(settings);
    for (const { node, person } of members.values()) {
      const theirs = this.#nodes.get(person);
      if (theirs) theirs.push(node);
      else this.#nodes.set(person, [node]);
    }
    this.#extensions = new Map([...extensions].map(([number, person]) => [person, number]));
    this.#groupNumbers = groupNumbers;
    const numbers = new Map([...groupNumbers].map(([number, group]) => [group, number]));
    this.groups = new Map([...groups].map(([id, group]) => [id, { ...group, extension: numbers.get(id) }]));
  }

  nodesOf(person: NodeId): readonly NodeId[] {
    return this.#nodes.get(person) ?? [];
  }

  extensionOf(person: NodeId): string | undefined {
    return this.#extensions.get(person);
  }

  groupWith(extension: string): KnownGroup | undefined {
    const id = this.#groupNumbers.get(extension);
    return id && this.groups.get(id);
  }
}
