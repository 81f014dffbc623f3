import type { DialPreview, Person, PresenceShown } from '../preload/api.ts';
import { findPeople, sortPeople } from './find-people.ts';
import { locale } from './strings/index.ts';

/** The people of the office, and the search among them. */
export class PeopleState {
  list = $state.raw<readonly Person[]>([]);
  /** The text in the head's field. */
  query = $state('');
  /** The node's latest answer to a text in the field, which may have changed since. */
  answer = $state.raw<{ readonly typed: string; readonly preview: DialPreview } | null>(null);
  readonly typed = $derived(this.query.trim());
  /** The node's answer to the text that is in the field now; null until it has answered. */
  readonly preview = $derived(this.answer?.typed === this.typed ? this.answer.preview : null);
  readonly sorted = $derived(sortPeople(this.list, locale()));
  readonly found = $derived(findPeople(this.sorted, this.preview?.dialled ?? this.query));
  /** The person whom the field means: the best match. */
  readonly meant = $derived(this.typed === '' ? null : (this.found[0] ?? null));
  /** The field holds a number. Until the node has answered, it is what it was one key before: what is shown does not flicker. */
  readonly isDialled = $derived(this.typed !== '' && (this.answer?.preview.dialled ?? null) !== null);
  /** Moves the focus into the list; set by the component that shows it. */
  enter: () => void = () => undefined;
  readonly #presences = $derived(new Map(this.list.map(({ id, presence }) => [id, presence])));

  presenceOf(id: string): PresenceShown {
    return this.#presences.get(id) ?? 'offline';
  }
}
