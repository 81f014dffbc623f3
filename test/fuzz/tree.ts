/**
 * What a hostile member sends, before it is known to whom: JSON with names in place of what differs between two offices.
 * A string that begins with `§` names something of the office (`§node:2`, `§own:1`, `§now:-5000`; see `Vocabulary`), an
 * object with the key `§` is a made thing. So an input that broke a node can be kept in a file, and be sent to another office.
 */
export type Tree = null | boolean | number | string | readonly Tree[] | { readonly [key: string]: Tree };
export type TreeObject = { readonly [key: string]: Tree };

/** A signed statement: what it says, who signs it, and what happens to it after that. */
export interface SignedTree extends TreeObject {
  readonly '§': 'signed';
  readonly by: string;
  readonly payload: Tree;
  /** `none`; `bent`: the signature's second valid form (n − s); `wrong`: of another text; `short`: cut off. */
  readonly signature: string;
}

/** What a name stands for in the office at hand. */
export type Vocabulary = (name: string) => string | number;
/** Signs the very text of a payload as `by`. */
export type SignText = (payload: string, by: string, signature: string) => string;

const NAME_MARK = '§';

export const isObject = (tree: Tree): tree is TreeObject =>
  typeof tree === 'object' && tree !== null && !Array.isArray(tree);
/** What is made when it is written: its key `§` says how. */
interface MadeTree extends TreeObject {
  readonly '§': Tree;
}
export const isMade = (tree: Tree): tree is MadeTree => isObject(tree) && NAME_MARK in tree;
export const isSigned = (tree: Tree): tree is SignedTree => isMade(tree) && tree[NAME_MARK] === 'signed';

export const signed = (by: string, payload: Tree, signature = 'right'): SignedTree => ({
  '§': 'signed',
  by,
  payload,
  signature,
});
/** A token as it stands, which JSON.stringify would never write: -0, 1e999, NaN. */
export const raw = (text: string): Tree => ({ '§': 'raw', text });
export const long = (text: string, times: number): Tree => ({ '§': 'long', text, times });
export const many = (item: Tree, times: number): Tree => ({ '§': 'many', item, times });
export const deep = (depth: number): Tree => ({ '§': 'deep', depth });

/** The JSON text of a tree in an office. */
export function writeTree(tree: Tree, vocabulary: Vocabulary, sign: SignText): string {
  const write = (part: Tree): string => {
    if (typeof part === 'string')
      return JSON.stringify(part.startsWith(NAME_MARK) ? vocabulary(part.slice(1)) : part);
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    if (Array.isArray(part)) return `[${part.map(write).join(',')}]`;
    if (isMade(part)) return make(part);
    return `{${Object.entries(part)
      .map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`)
      .join(',')}}`;
  };
  const make = (made: MadeTree): string => {
    const times = Number(made['times'] ?? 0);
    const word = (key: string): string => (typeof made[key] === 'string' ? made[key] : '');
    switch (made[NAME_MARK]) {
      case 'signed': {
        const payload = write(made['payload'] ?? null);
        return JSON.stringify({ payload, signature: sign(payload, word('by'), word('signature')) });
      }
      case 'raw':
        return word('text');
      case 'long':
        return JSON.stringify(word('text').repeat(times));
      case 'many':
        return `[${Array<string>(times)
          .fill(write(made['item'] ?? null))
          .join(',')}]`;
      case 'deep':
        return '['.repeat(Number(made['depth'])) + ']'.repeat(Number(made['depth']));
      default:
        return 'null';
    }
  };
  return write(tree);
}
