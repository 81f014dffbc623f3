/**
 * Imported before everything else, since libuv reads this when its pool is first used. Its default of four threads could all be occupied by
 * the disk and by name lookups while message keys wait to be opened.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '8';
