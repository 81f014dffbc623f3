import { SEEDS_AT_ONCE, testSeeds } from './seeds.ts';

testSeeds(2 * SEEDS_AT_ONCE);
