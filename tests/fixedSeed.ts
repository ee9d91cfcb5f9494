import fc from 'fast-check';

/**
 * The same stories in every run, so that a change is judged by what it does and not by luck. `FAST_CHECK_SEED=7` tells
 * others, `FAST_CHECK_SEED=any` ones that nobody has seen yet; what fails prints its seed.
 */
const wanted = process.env.FAST_CHECK_SEED ?? '20261120';
if (wanted !== 'any') fc.configureGlobal({ seed: Number(wanted) });
