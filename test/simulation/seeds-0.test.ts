import { SEEDS_AT_ONCE, testSeeds } from './seeds.ts';

testSeeds(0 * SEEDS_AT_ONCE);
