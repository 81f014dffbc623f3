import type { RemoteNode } from '../transports/index.ts';
import { UsageError } from './exit.ts';

/** The id of the colleague who has this extension. @throws UsageError where nobody has it */
export async function idOf(node: RemoteNode, extension: string): Promise<string> {
  const person = (await node.call('people')).find((one) => one.extension === extension);
  if (person) return person.id;
  throw new UsageError(`Nobody has extension ${extension}. See: corridor people`);
}
