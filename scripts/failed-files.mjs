// A reporter for node --test: the test files in which something failed, one a line.
/** @param {AsyncIterable<{ type: string, data: { file?: string } }>} source */
export default async function* failedFiles(source) {
  const files = new Set();
  for await (const { type, data } of source) {
    if (type === 'test:fail' && data.file !== undefined) files.add(data.file);
  }
  yield [...files].join('\n');
}
