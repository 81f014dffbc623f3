import assert from 'node:assert/strict';
import type { NodeApi } from '../../preload/api.ts';
import { eventually } from './eventually.ts';
import type { LoopbackOffice, Member, NamedNode } from './office.ts';

/**
 * Adds a further computer of that member's person, which is compared by six digits and admitted at the first computer. Resolves once the
 * other members see it.
 * @param as the person whose computer it is; left out: the host's person
 */
export async function addComputer(
  office: LoopbackOffice,
  host: NamedNode,
  { name = host.name, as }: { readonly name?: string; readonly as?: string } = {},
): Promise<Member> {
  const { endpoints } = await host.node.call('status');
  const computer = await office.addStranger(name, [`127.0.0.1:${endpoints?.control}`]);
  await letComputerIn(host, computer, as);
  return computer;
}

/**
 * Has a computer that is in no office ask to be admitted; the digits are compared at both, and the host admits it.
 * @param as the person whose computer it is; left out: the host's person
 */
export async function letComputerIn(host: NamedNode, { node, name }: NamedNode, as?: string): Promise<void> {
  const { node: self } = await host.node.call('status');
  const { tag } = (await host.node.call('members')).office;
  await host.node.call('letSomebodyIn', { isOpen: true });
  await node.call('askToJoin', { tag, name });
  const id = await requestAt(host, ({ state }) => state === 'waiting');
  await host.node.call('compareRequest', { id });
  await eventually(async () => (await digitsAt(node)) !== null, 'digits at the new computer');
  await node.call('answerDigits', { isSame: true });
  await requestAt(host, ({ state }) => state === 'agreed');
  await host.node.call('admitRequest', { id, as: as ?? self?.id ?? assert.fail('in an office') });
  await eventually(async () => (await node.call('status')).state === 'running', 'it is in');
}

async function digitsAt(node: Pick<NodeApi, 'call'>): Promise<string | null> {
  return (await node.call('status')).joining?.digits ?? null;
}

async function requestAt(
  { node }: NamedNode,
  passes: (request: { readonly id: string; readonly state: string }) => boolean,
): Promise<string> {
  let id = '';
  await eventually(async () => {
    const found = (await node.call('requests')).requests.find(passes);
    id = found?.id ?? '';
    return found !== undefined;
  }, 'a request is shown');
  return id;
}
