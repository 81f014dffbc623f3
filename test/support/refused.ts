import assert from 'node:assert/strict';

/** For `assert.rejects`: an error with this code, whose message is a whole sentence. */
export function refused(code: string): (error: Error & { readonly code?: string }) => true {
  return (error) => {
    assert.equal(error.code, code);
    assert.match(error.message, /^[A-Z0-9#].{10,}\.$/, 'a whole sentence');
    return true;
  };
}
