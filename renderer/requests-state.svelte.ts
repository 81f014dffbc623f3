import type { JoinRequests, JoinRequestStatus, MemberPerson, NodeApi } from '../preload/api.ts';

type Attempt = (work: () => Promise<unknown>) => Promise<boolean>;

/** The requests to be let in, and this person's answers. */
export class RequestsState {
  list = $state.raw<readonly JoinRequestStatus[]>([]);
  /** The people whose further or new computer it may be. */
  people = $state.raw<readonly MemberPerson[]>([]);
  readonly #api: NodeApi;
  readonly #attempt: Attempt;

  constructor(api: NodeApi, attempt: Attempt) {
    this.#api = api;
    this.#attempt = attempt;
  }

  async look(): Promise<void> {
    await this.#show(this.#api.call('requests'));
  }

  /** Fetches the people. Every member may add an own computer; only an admin may let somebody else come back. */
  async lookForPeople(): Promise<void> {
    await this.#attempt(async () => {
      const { office, people } = await this.#api.call('members');
      this.people = people.filter(({ isMe, name }) => isMe || (office.isAdmin && name !== null));
    });
  }

  compare(id: string): Promise<boolean> {
    return this.#show(this.#api.call('compareRequest', { id }));
  }

  /** Admits a new person, a further computer of this person, or somebody who comes back, whose old computers are removed first. */
  async admit(id: string, as: MemberPerson | undefined): Promise<boolean> {
    if (as && !as.isMe) {
      const nodes = as.computers.map((computer) => computer.id);
      if (!(await this.#attempt(() => this.#api.call('removeMembers', { nodes })))) return false;
    }
    return this.#show(this.#api.call('admitRequest', { id, ...(as ? { as: as.id } : {}) }));
  }

  decline(id: string): Promise<boolean> {
    return this.#show(this.#api.call('declineRequest', { id }));
  }

  #show(answer: Promise<JoinRequests>): Promise<boolean> {
    return this.#attempt(async () => (this.list = (await answer).requests));
  }
}
