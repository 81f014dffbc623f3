import type { FuzzedOffice } from './fuzzed-office.ts';
import { HostileMember, type OnSent } from './hostile-member.ts';
import type { Input } from './inputs.ts';
import { Stranger } from './stranger.ts';
import { isStrangers } from './stranger-inputs.ts';

/** Everybody who means an office harm: a member of it, and a stranger on its LAN. */
export class Attackers {
  readonly member: HostileMember;
  readonly stranger: Stranger;

  static async start(office: FuzzedOffice, onSent?: OnSent): Promise<Attackers> {
    const { link, targets, mdnsPort } = office;
    const stranger = await Stranger.start(link, targets, mdnsPort, onSent);
    office.strangers = stranger.ids;
    const member = await HostileMember.join(link, targets, () => office.now, onSent);
    return new Attackers(member, stranger);
  }

  private constructor(member: HostileMember, stranger: Stranger) {
    this.member = member;
    this.stranger = stranger;
  }

  /** Resolves when a member's packet has left; what a stranger says goes on by itself. */
  async send(input: Input): Promise<void> {
    if (isStrangers(input)) this.stranger.send(input);
    else await this.member.send(input);
  }

  async close(): Promise<void> {
    await Promise.all([this.member.close(), this.stranger.close()]);
  }
}
