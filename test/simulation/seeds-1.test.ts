import { SEEDS_AT_ONCE, testSeeds } from './seeds.ts';

testSeeds(1 * SEEDS_AT_ONCE);
