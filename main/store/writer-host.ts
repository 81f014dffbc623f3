import type { MessageFiles } from './message-files.ts';
import type { MessageIndex } from './message-index.ts';
import type { Settling } from './settling.ts';
import type { WriterHost } from './writer.ts';

/** Connects the writer to the store's other parts, which are made after it. */
export function writerHost(
  index: MessageIndex,
  parts: () => { readonly files: MessageFiles; readonly settling: Settling },
): WriterHost {
  return {
    file: (id) => (index.get(id) ? parts().files.get(id) : undefined),
    written: (id, file) => parts().files.written(id, file),
    vanished: (id, file) => parts().files.vanished(id, file),
    complete: async (id) => {
      const entry = index.get(id);
      return !entry || (await parts().settling.settle(entry)) !== 'unsaved';
    },
  };
}
