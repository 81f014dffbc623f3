import type { NodeId } from '../../model/index.ts';
import { hasAny, type Counted, type CountedMember } from './count.ts';
import type { Entry } from './entry.ts';
import type { GroupChange, GroupStatement, WhoMayChange, WhoMayTalk } from './group-statement.ts';
import { MAX_GROUP_MEMBERS, MAX_GROUPS, MAX_GROUPS_OF_MEMBER, MAX_NUMBERS } from './limits.ts';
import { Past } from './past.ts';
import type { PersonId, StatementId } from './statement.ts';

/** A group of people, as the statements on it define it. */
export interface Group {
  /** Its founding statement. */
  readonly id: StatementId;
  readonly name: string;
  /** Its members who are in the office, in the order in which they were admitted. */
  readonly people: readonly PersonId[];
  readonly talk: WhoMayTalk;
  readonly change: WhoMayChange;
  readonly creator: PersonId;
}

/** The last grant of a number to a group. */
export interface GroupGrant {
  readonly entry: Entry;
  readonly group: StatementId;
  readonly extension: string;
  readonly byAdmin: boolean;
}

export interface Groups {
  readonly groups: ReadonlyMap<StatementId, Group>;
  readonly grants: readonly GroupGrant[];
}

/**
 * The groups of an office, from the statements that count. Depends neither on a clock nor on the order of arrival. The right to make a
 * change follows from the change's own past. Concurrent changes merge: every person who was put in is in, an end ends, and of names,
 * numbers and rights the last in order holds.
 * @param living people who have a node that is not removed; others are in no group
 */
export function groupsOf({ counting, members }: Counted, living: ReadonlySet<PersonId>): Groups {
  const drafts = new Map<StatementId, Draft>();
  const numbersOf = new Map<NodeId, number>();
  for (const entry of counting) {
    const said = entry.read.kind === 'later' ? entry.read.group : undefined;
    const author = said && members.get(entry.by);
    if (!said || !author) continue;
    if (said.type === 'group' || said.type === 'group-number') {
      const numbers = (numbersOf.get(entry.by) ?? 0) + 1;
      numbersOf.set(entry.by, numbers);
      if (numbers > MAX_NUMBERS) continue;
    }
    if (said.type === 'group') drafts.set(entry.id, new Draft(entry, said, author));
    else drafts.get(said.group)?.take(entry, said, author);
  }
  const kept = withinBounds([...drafts.values()]);
  return {
    groups: new Map(kept.map((draft) => [draft.id, draft.finished(living)])),
    grants: kept.map(({ grant }) => grant),
  };
}

/** Keeps the first groups in order, the same at every node. A group that has ended frees its place. */
function withinBounds(drafts: readonly Draft[]): Draft[] {
  const perAccount = new Map<PersonId, number>();
  const kept: Draft[] = [];
  for (const draft of drafts) {
    if (draft.isEnded || kept.length === MAX_GROUPS) continue;
    if (draft.account !== undefined) {
      const theirs = perAccount.get(draft.account) ?? 0;
      if (theirs === MAX_GROUPS_OF_MEMBER) continue;
      perAccount.set(draft.account, theirs + 1);
    }
    kept.push(draft);
  }
  return kept;
}

type Created = Extract<GroupStatement, { readonly type: 'group' }>;

class Draft {
  readonly id: StatementId;
  /** The account that it is charged to: its founder, or the founder's sponsor; undefined: an admin founded it. */
  readonly account: PersonId | undefined;
  grant: GroupGrant;
  isEnded = false;
  readonly #made: Entry;
  readonly #creator: PersonId;
  #name: string;
  #talk: WhoMayTalk;
  /** Changes with their statements, in order. */
  readonly #change: [Entry, WhoMayChange][];
  readonly #ins = new Map<PersonId, Entry[]>();
  readonly #outs = new Map<PersonId, Entry[]>();

  constructor(entry: Entry, said: Created, author: CountedMember) {
    const byAdmin = hasAny(entry.past, author.admins);
    this.id = entry.id;
    this.account = byAdmin ? undefined : (author.sponsor ?? author.person);
    this.grant = { entry, group: entry.id, extension: said.extension, byAdmin };
    this.#made = entry;
    this.#creator = author.person;
    this.#name = said.name;
    this.#talk = said.talk;
    this.#change = [[entry, said.change]];
    addTo(this.#ins, said.people, entry);
  }

  take(entry: Entry, said: GroupChange, author: CountedMember): void {
    if (!entry.past.has(this.#made.index) || !this.#mayChange(entry, said, author)) return;
    switch (said.type) {
      case 'group-name':
        this.#name = said.name;
        return;
      case 'group-number': {
        const byAdmin = hasAny(entry.past, author.admins);
        this.grant = { entry, group: this.id, extension: said.extension, byAdmin };
        return;
      }
      case 'group-rights':
        this.#talk = said.talk ?? this.#talk;
        if (said.change) this.#change.push([entry, said.change]);
        return;
      case 'group-in':
        addTo(this.#ins, said.people, entry);
        return;
      case 'group-out':
        addTo(this.#outs, said.people, entry);
        return;
      case 'group-end':
        this.isEnded = true;
    }
  }

  finished(living: ReadonlySet<PersonId>): Group {
    const people = [...this.#ins.keys()].filter((person) => living.has(person) && this.#isIn(person));
    return {
      id: this.id,
      name: this.#name,
      people: people.slice(0, MAX_GROUP_MEMBERS),
      talk: this.#talk,
      change: this.#change.at(-1)?.[1] ?? 'creator',
      creator: this.#creator,
    };
  }

  /** Whether the author may make the change: an admin, the founder, a member where members may, and everybody to leave themselves. */
  #mayChange({ past }: Entry, said: GroupChange, { person, admins }: CountedMember): boolean {
    if (person === this.#creator || hasAny(past, admins)) return true;
    if (said.type === 'group-out' && said.people.every((one) => one === person)) return true;
    const held = this.#change.findLast(([{ index }]) => past.has(index));
    return held?.[1] === 'members' && this.#isIn(person, past);
  }

  /** Whether the person is in: no statement that took them out had seen every one that put them in. `seen`: judged by this past alone. */
  #isIn(person: PersonId, seen?: Past): boolean {
    const isSeen = ({ index }: Entry): boolean => seen?.has(index) ?? true;
    const ins = (this.#ins.get(person) ?? []).filter(isSeen);
    const undone = new Past(
      (this.#outs.get(person) ?? []).reduce((size, { past }) => Math.max(size, past.size), 0),
    );
    for (const out of this.#outs.get(person) ?? []) if (isSeen(out)) undone.addAll(out.past);
    return ins.some(({ index }) => !undone.has(index));
  }
}

function addTo(lists: Map<PersonId, Entry[]>, people: readonly PersonId[], entry: Entry): void {
  for (const person of new Set(people)) {
    const theirs = lists.get(person);
    if (theirs) theirs.push(entry);
    else lists.set(person, [entry]);
  }
}
