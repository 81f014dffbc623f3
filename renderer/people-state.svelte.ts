import type { DialPreview, Group, Person, ColleaguePresence } from '../preload/api.ts';
import { findPeople, isGroup, isOfPerson, sortRows } from './find-people.ts';
import { locale } from './strings/index.ts';

/** The people and groups of the office, and the search among them. */
export class PeopleState {
  list = $state.raw<readonly Person[]>([]);
  groups = $state.raw<readonly Group[]>([]);
  /** The text in the head's field. */
  query = $state('');
  /** The node's latest answer to a text in the field, which may have changed since. */
  answer = $state.raw<{ readonly typed: string; readonly preview: DialPreview } | null>(null);
  readonly typed = $derived(this.query.trim());
  /** The node's answer to the text that is in the field now; null until it has answered. */
  readonly preview = $derived(this.answer?.typed === this.typed ? this.answer.preview : null);
  readonly sorted = $derived(sortRows(this.list, this.groups, locale()));
  /** The people alone. */
  readonly sortedPeople = $derived(sortRows(this.list, [], locale()).filter(isOfPerson));
  readonly found = $derived(findPeople(this.sorted, this.preview?.dialled ?? this.query));
  /** The number of people among the matches. */
  readonly foundPeople = $derived(this.found.filter((row) => !isGroup(row)).length);
  /** The person or group that the field means: the best match. */
  readonly meant = $derived(this.typed === '' ? null : (this.found[0] ?? null));
  /** Whether the field holds a number. Until the node has answered, the former answer counts, so that the display does not flicker. */
  readonly isDialled = $derived(this.typed !== '' && (this.answer?.preview.dialled ?? null) !== null);
  /** Moves the focus into the list; set by the component that shows it. */
  enter: () => void = () => undefined;
  readonly #presences = $derived(new Map(this.list.map(({ id, presence }) => [id, presence])));

  /** The members of a group besides this person: those who are in the list. */
  othersIn({ people }: Group): readonly string[] {
    return people.filter((id) => this.#presences.has(id));
  }

  with(id: string): Person | undefined {
    return this.list.find((one) => one.id === id);
  }

  /** Nothing of that person sounds unasked. */
  isMuted(id: string): boolean {
    return (this.with(id)?.mutedUntil ?? null) !== null;
  }

  presenceOf(id: string): ColleaguePresence {
    return this.#presences.get(id) ?? 'offline';
  }
}
