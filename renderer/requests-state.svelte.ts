import type { JoinRequests, JoinRequestShown, MemberPerson, NodeApi } from '../preload/api.ts';

type Attempt = (work: () => Promise<unknown>) => Promise<boolean>;

/** Who asks to be let in, and what this person answers them. */
export class RequestsState {
  list = $state.raw<readonly JoinRequestShown[]>([]);
  /** Whose further computer, or whose new one, it may be. */
  people = $state.raw<readonly MemberPerson[]>([]);
  readonly #api: NodeApi;
  readonly #attempt: Attempt;

  constructor(api: NodeApi, attempt: Attempt) {
    this.#api = api;
    this.#attempt = attempt;
  }

  async look(): Promise<void> {
    await this.#follow(this.#api.call('requests'));
  }

  /** Anybody adds a computer of their own; only an admin says of somebody else that they are back. */
  async lookForPeople(): Promise<void> {
    await this.#attempt(async () => {
      const { office, people } = await this.#api.call('members');
      this.people = people.filter(({ isMe, name }) => isMe || (office.isAdmin && name !== null));
    });
  }

  compare(id: string): Promise<boolean> {
    return this.#follow(this.#api.call('compareRequest', { id }));
  }

  /** Lets in somebody new; a further computer of one's own; or somebody who comes back, whose old computers go out before. */
  async admit(id: string, as: MemberPerson | undefined): Promise<boolean> {
    if (as && !as.isMe) {
      const nodes = as.computers.map((computer) => computer.id);
      if (!(await this.#attempt(() => this.#api.call('removeMembers', { nodes })))) return false;
    }
    return this.#follow(this.#api.call('admitRequest', { id, ...(as ? { as: as.id } : {}) }));
  }

  decline(id: string): Promise<boolean> {
    return this.#follow(this.#api.call('declineRequest', { id }));
  }

  #follow(answer: Promise<JoinRequests>): Promise<boolean> {
    return this.#attempt(async () => (this.list = (await answer).requests));
  }
}
