/**
 * Imported before all else: libuv reads this when its pool is first used. With the default of four threads, disk and name look-ups
 * would keep message keys waiting.
 */
process.env['UV_THREADPOOL_SIZE'] = '8';
