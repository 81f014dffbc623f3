import type { MessageId } from '../model/index.ts';

/** What a file in the store holds of a message: all that is known of it, or its transcript. */
type Content = 'crm' | 'txt';

const FILE_NAME = /^([0-9a-f]{32})\.([a-z]{3})$/;

/** The name of a message's file. Hexadecimal, because some file systems do not tell upper case from lower. */
export function fileNameOf(id: MessageId, content: Content = 'crm'): string {
  return `${Buffer.from(id, 'base64url').toString('hex')}.${content}`;
}

/** The message whose file has that name; undefined: it is no such file. */
export function messageNamed(name: string, content: Content = 'crm'): MessageId | undefined {
  const [, hex, ending] = FILE_NAME.exec(name) ?? [];
  if (hex === undefined || ending !== content) return undefined;
  return Buffer.from(hex, 'hex').toString('base64url') as MessageId;
}
