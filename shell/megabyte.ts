/** What configuration and messages mean by MB: the unit of disks and networks, not 2^20. */
export const MEGABYTE = 1_000_000;
