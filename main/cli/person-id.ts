import type { Person } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { UsageError } from './exit.ts';

/** The colleague with this extension. @throws UsageError where nobody has it */
export async function personWith(node: RemoteNode, extension: string): Promise<Person> {
  const person = (await node.call('people')).find((one) => one.extension === extension);
  if (person) return person;
  throw new UsageError(`Nobody has extension ${extension}. See: corridor people`);
}

/** The id of the colleague with this extension. @throws UsageError where nobody has it */
export async function idOf(node: RemoteNode, extension: string): Promise<string> {
  return (await personWith(node, extension)).id;
}
