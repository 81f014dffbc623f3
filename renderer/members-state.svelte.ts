import type { InvitationStatus, Members, MemberPerson, NodeApi } from '../preload/api.ts';

type Attempt = (work: () => Promise<unknown>) => Promise<boolean>;

/** Members, invitations and removals, while the page of the office is open. */
export class MembersState {
  members = $state.raw<Members | null>(null);
  invitations = $state.raw<readonly InvitationStatus[]>([]);
  readonly #api: NodeApi;
  readonly #attempt: Attempt;

  constructor(api: NodeApi, attempt: Attempt) {
    this.#api = api;
    this.#attempt = attempt;
  }

  get me(): MemberPerson | undefined {
    return this.members?.people.find(({ isMe }) => isMe);
  }

  /** Whether nobody else is an admin. */
  get isLastAdmin(): boolean {
    const { me, members } = this;
    return me?.isAdmin === true && members?.people.some(({ isAdmin, isMe }) => isAdmin && !isMe) === false;
  }

  async look(): Promise<void> {
    await this.#attempt(async () => {
      [this.members, this.invitations] = await Promise.all([
        this.#api.call('members'),
        this.#api.call('invitations'),
      ]);
    });
  }

  async makeAdmin(person: string): Promise<boolean> {
    return this.#attempt(async () => (this.members = await this.#api.call('makeAdmin', { person })));
  }

  async setOverride(person: string, isGiven: boolean): Promise<boolean> {
    const given = { person, right: 'override', isGiven } as const;
    return this.#attempt(async () => (this.members = await this.#api.call('setRight', given)));
  }

  async vouch(person: string): Promise<boolean> {
    return this.#attempt(async () => (this.members = await this.#api.call('vouch', { person })));
  }

  async setOffice(changes: {
    name?: string;
    admit?: 'members' | 'admins';
    announced?: boolean;
    keepDays?: number | null;
  }): Promise<boolean> {
    return this.#attempt(async () => (this.members = await this.#api.call('setOffice', changes)));
  }

  async invite(days: number, uses: number): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#api.call('invite', { days, uses });
      this.invitations = await this.#api.call('invitations');
    });
  }

  async inviteAnew(id: string): Promise<boolean> {
    return this.#attempt(async () => {
      await this.#api.call('inviteAnew', { id });
      this.invitations = await this.#api.call('invitations');
    });
  }

  async withdraw(id: string): Promise<boolean> {
    return this.#attempt(async () => (this.invitations = await this.#api.call('withdrawInvitation', { id })));
  }
}
