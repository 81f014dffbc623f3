import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { MovedNumber } from '../../preload/api.ts';
import {
  CorridorError,
  type KnownGroup,
  type KnownNode,
  type NodeId,
  type StatementId,
} from '../model/index.ts';
import type { Office, OfficeSession, Roster } from '../office/index.ts';
import { dialledGroup } from './groups.ts';
import type { Profile } from './profile.ts';
import type { ProfileSettings } from './profile-fields.ts';

/** More people than an office has. Names that were learnt first are forgotten first. */
const MAX_NAMES = 2_000;

interface KnownPersonsParts {
  readonly profile: Pick<Profile, 'settings' | 'note'>;
  readonly session: Pick<OfficeSession, 'office' | 'events'> & { readonly roster: Pick<Roster, 'directory'> };
  /** Keys have other extensions now, or name other people. */
  readonly settingsChanged: () => void;
}

/** A number, and the person or group that had it when it was chosen. Undefined: nobody had it then. */
interface Chosen {
  readonly extension: string;
  readonly person?: string | undefined;
  /** The group that it is; then there is no person. */
  readonly group?: string | undefined;
}

/**
 * The people whom this person means by a number and by a name. Keys and the selection follow the person, whose number can change. The person
 * is asked about a number that somebody else has now, and about a known name that came with another key.
 */
export class KnownPersons {
  readonly #parts: KnownPersonsParts;
  readonly #stops: readonly (() => void)[];
  /** Numbers of which a refusal has told this person that somebody else has them now. */
  readonly #told = new Set<string>();
  #names: { readonly of: object; readonly persons: ReadonlyMap<string, readonly string[]> } | undefined;

  constructor(parts: KnownPersonsParts) {
    this.#parts = parts;
    const { events } = parts.session;
    this.#stops = [events.on('changed', () => this.refresh()), events.on('roster', () => this.#learnNames())];
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  // ---- numbers

  /** The computers of a person whose records are here. */
  nodesOf(person: NodeId): readonly KnownNode[] {
    return this.#parts.session.roster.directory.nodesOf(person);
  }

  /**
   * The computers of the people who were chosen last, groups left out. None where these people are gone, or nobody was chosen.
   */
  get chosen(): readonly KnownNode[] {
    const { directory } = this.#parts.session.roster;
    return this.#parts.profile.settings.talkTo.flatMap(({ extension, person, group }) => {
      if (group !== undefined) return [];
      return person === undefined ? directory.resolve(extension) : this.nodesOf(person);
    });
  }

  /** The computers that the talk key reaches, with those of the members of chosen groups. */
  get reached(): readonly KnownNode[] {
    const ofGroups = this.chosenGroups.flatMap((group) => dialledGroup(this.#parts, group).nodes);
    return [...new Map([...ofGroups, ...this.chosen].map((one) => [one.node, one])).values()];
  }

  /** The groups chosen last that are there. */
  get chosenGroups(): readonly KnownGroup[] {
    return this.#parts.profile.settings.talkTo.flatMap(
      ({ group }) => (group === undefined ? undefined : this.#ledger?.groups.get(group)) ?? [],
    );
  }

  /** The first number that the person is to be asked about. */
  get moved(): MovedNumber | null {
    for (const chosen of this.#all()) {
      const holder = this.#newHolder(chosen);
      const name = holder && this.#nameOf(holder);
      if (name !== undefined) return { extension: chosen.extension, name, ...this.#sentence(chosen, false) };
    }
    return null;
  }

  /**
   * The computers of the person whom this number meant when it was chosen. Undefined: nobody is known by it, and the number is
   * dialled. @throws CorridorError `number-moved`, once, where somebody else has it now
   */
  reach(extension: string, id: NodeId): readonly KnownNode[] | undefined {
    const chosen = { extension, person: this.#ledger?.personOf(id) ?? id };
    const nodes = this.nodesOf(chosen.person);
    if (nodes.length > 0) return nodes;
    const holder = this.#newHolder(chosen);
    if (holder === undefined) return undefined;
    const told = `${extension} ${holder}`;
    if (this.#told.has(told)) {
      void this.answer(extension, true);
      return undefined;
    }
    this.#told.add(told);
    const { sentence, phrase } = this.#sentence(chosen, true);
    throw new CorridorError('number-moved', sentence, { phrase });
  }

  /** What the person decided about a number that moved: from now on it means its present holder, or it is given up. Resolves as `Profile.note`. */
  answer(extension: string, isTaken: boolean): Promise<void> {
    const { profile, settingsChanged } = this.#parts;
    const { personKeys, talkTo } = profile.settings;
    const holder = this.#ledger?.holderOf(extension);
    const answered = <C extends Chosen>(chosen: C): readonly C[] => {
      if (chosen.extension !== extension || this.#newHolder(chosen) === undefined) return [chosen];
      return isTaken ? [{ ...chosen, person: holder }] : [];
    };
    const noted = profile.note({
      personKeys: personKeys.flatMap(answered),
      talkTo: talkTo.flatMap(answered),
    });
    settingsChanged();
    return noted;
  }

  /** Keys and the selection get the persons or groups that they mean, and the numbers that these have now. */
  refresh(): void {
    const { profile, settingsChanged } = this.#parts;
    const { personKeys, talkTo } = profile.settings;
    const keys = personKeys.map((key) => this.#refreshed(key));
    if (keys.some((key, index) => key !== personKeys[index])) {
      void profile.note({ personKeys: keys });
      settingsChanged();
    }
    const selection = talkTo.map((one) => this.#refreshed(one));
    if (selection.some((one, index) => one !== talkTo[index])) void profile.note({ talkTo: selection });
  }

  /** The same object where nothing has changed. */
  #refreshed<C extends Chosen>(chosen: C): C {
    const group = this.#groupOf(chosen);
    if (group) {
      const { id, extension = chosen.extension } = group;
      return id === chosen.group && extension === chosen.extension
        ? chosen
        : { ...chosen, extension, group: id };
    }
    if (chosen.group !== undefined) return chosen;
    const person = (chosen.person as NodeId | undefined) ?? this.#ledger?.holderOf(chosen.extension);
    const extension = (person && this.#ledger?.extensionOf(person)) ?? chosen.extension;
    if (person === chosen.person && extension === chosen.extension) return chosen;
    return { ...chosen, extension, person };
  }

  /** The group that was chosen; or the group that has the number, where nobody is known by it. */
  #groupOf({ extension, person, group }: Chosen): KnownGroup | undefined {
    if (group !== undefined) return this.#ledger?.groups.get(group as StatementId);
    return person === undefined ? this.#ledger?.groupWith(extension) : undefined;
  }

  #all(): readonly Chosen[] {
    const { personKeys, talkTo } = this.#parts.profile.settings;
    return [...personKeys, ...talkTo];
  }

  /** The person who has the number now, if the person whom it meant is gone. Undefined: the number did not move. */
  #newHolder({ extension, person }: Chosen): NodeId | undefined {
    const ledger = this.#ledger;
    if (!ledger || person === undefined || ledger.nodesOf(person as NodeId).length > 0) return undefined;
    const holder = ledger.holderOf(extension);
    return holder === ledger.self?.person ? undefined : holder;
  }

  #sentence({ extension, person }: Chosen, again: boolean): LocalizedText {
    const holder = this.#ledger?.holderOf(extension);
    const was = (person !== undefined && this.#nameOf(person as NodeId)) || null;
    const now = (holder && this.#nameOf(holder)) ?? null;
    const who = now ?? 'somebody else';
    const change =
      was !== null && was === now
        ? `${extension} is ${who} with another key now: a new computer, or somebody else of that name.`
        : `${extension} is ${who} now, it was ${was ?? 'another person'}.`;
    const sentence = again ? `${change} Press again to talk to them.` : change;
    return localizedText('number-moved', sentence, { extension, was, now, again });
  }

  // ---- names

  /** Somebody else was known by this name first. */
  isNew(person: NodeId, name: string): boolean {
    const known = this.#personsOf(name);
    return known.length > 0 && !known.includes(person);
  }

  /** From now on this person is known by their name. Resolves as `Profile.note`. */
  async know(person: NodeId): Promise<void> {
    const name = this.#nameOf(person);
    const { knownNames } = this.#parts.profile.settings;
    if (name !== undefined && knownNames[person] !== name)
      await this.#note({ ...knownNames, [person]: name });
  }

  #learnNames(): void {
    const { profile, session } = this.#parts;
    const { knownNames } = profile.settings;
    const learnt: Record<NodeId, string> = {};
    const taken = new Set<string>();
    for (const person of new Set(
      [...(this.#ledger?.standing.members.values() ?? [])].map(({ person }) => person),
    )) {
      const name = session.roster.directory.nameOfPerson(person);
      if (name === undefined || knownNames[person] === name) continue;
      if (this.isNew(person, name) || taken.has(comparable(name))) continue;
      learnt[person] = name;
      taken.add(comparable(name));
    }
    if (Object.keys(learnt).length > 0) void this.#note({ ...knownNames, ...learnt });
  }

  #note(names: Readonly<Record<NodeId, string>>): Promise<void> {
    const knownNames = Object.fromEntries(Object.entries(names).slice(-MAX_NAMES));
    return this.#parts.profile.note({ knownNames });
  }

  #personsOf(name: string): readonly string[] {
    const { knownNames } = this.#parts.profile.settings;
    if (this.#names?.of !== knownNames) {
      const persons = new Map<string, string[]>();
      for (const [person, known] of Object.entries(knownNames)) {
        const same = persons.get(comparable(known));
        if (same) same.push(person);
        else persons.set(comparable(known), [person]);
      }
      this.#names = { of: knownNames, persons };
    }
    return this.#names.persons.get(comparable(name)) ?? [];
  }

  #nameOf(person: NodeId): string | undefined {
    return (
      this.#parts.session.roster.directory.nameOfPerson(person) ??
      this.#parts.profile.settings.knownNames[person]
    );
  }

  get #ledger(): Office['ledger'] | undefined {
    return this.#parts.session.office?.ledger;
  }
}

/** One record for each person, in this order. */
export function peopleOf(nodes: readonly KnownNode[]): readonly KnownNode[] {
  return nodes.filter(({ person }, at) => nodes.findIndex((other) => other.person === person) === at);
}

/** What the profile keeps of a person who is talked to. */
export function chosenAs({ extension, person }: KnownNode): ProfileSettings['talkTo'][number] {
  return { extension, person };
}

/** `Bo` and `bo ` look like one person. */
function comparable(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
