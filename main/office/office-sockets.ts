import type { Identity } from '../identity/index.ts';
import { preferDefaultPort } from './default-port.ts';
import { MemberDatagrams } from './member-datagrams.ts';
import { datagramOfficeOf } from './datagram-office.ts';
import type { Office } from './office.ts';
import type { OfficeNetwork, OfficePorts, StartsPort } from './ports.ts';
import type { Roster } from './roster.ts';

export interface OfficeSocketsParts extends OfficePorts {
  readonly identity: Identity;
  readonly office: Office;
  readonly roster: Roster;
  readonly starts: StartsPort;
  readonly network: OfficeNetwork;
  readonly address: string;
  readonly log: (line: string) => void;
}

/** Opens this node's socket for datagrams, with the number of this start. @throws where the address cannot be used */
export async function openMemberDatagrams(
  parts: OfficeSocketsParts,
): Promise<{ readonly datagrams: MemberDatagrams; readonly boot: number }> {
  const { office, starts, address } = parts;
  const membership = datagramOfficeOf(office.ledger);
  const boot = await starts.next();
  const datagrams = await preferDefaultPort((port) =>
    MemberDatagrams.open({ address, port }, { ...parts, membership, boot }),
  );
  return { datagrams, boot };
}
