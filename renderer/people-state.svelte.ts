import type { DialPreview, Person, PresenceShown } from '../preload/api.ts';
import { findPeople, isDialled, sortPeople } from './find-people.ts';
import { locale } from './strings/index.ts';

/** The people of the office, and the search among them. */
export class PeopleState {
  list = $state.raw<readonly Person[]>([]);
  /** What stands in the head's field. */
  query = $state('');
  /** What the number in the field would do, as the node answers. */
  preview = $state.raw<DialPreview | null>(null);
  readonly sorted = $derived(sortPeople(this.list, locale()));
  readonly found = $derived(findPeople(this.sorted, this.query));
  /** Whom the field means: the best match. */
  readonly meant = $derived(this.query.trim() === '' ? null : (this.found[0] ?? null));
  readonly isDialled = $derived(isDialled(this.query));
  /** Moves the focus into the list; set by what shows it. */
  enter: () => void = () => undefined;
  readonly #presences = $derived(new Map(this.list.map(({ id, presence }) => [id, presence])));

  presenceOf(id: string): PresenceShown {
    return this.#presences.get(id) ?? 'offline';
  }
}
